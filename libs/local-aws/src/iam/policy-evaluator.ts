import type { PolicyDocument, PolicyStatement, RoleDescription } from '../stack-description.ts';

export type Decision = 'allowed' | 'implicitly denied' | 'explicitly denied';

/** Whether an action (`sqs:SendMessage`) on a resource (an ARN, or `*`) is allowed. */
export type Evaluate = (action: string, resourceArn: string) => Decision;

/** A policy says something that the local evaluator can't judge, so that it would decide wrongly. */
export class PolicyNotSupportedError extends Error {
  override readonly name = 'PolicyNotSupportedError';
}

interface CompiledStatement {
  readonly deny: boolean;
  readonly matchesAction: (action: string) => boolean;
  readonly matchesResource: (resourceArn: string) => boolean;
}

const KNOWN_ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource']);

/**
 * Compiles the identity policies of a role: an action needs an Allow, and a Deny always wins.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws PolicyNotSupportedError naming the role, for conditions and other elements that aren't evaluated here
 */
export function compilePolicies(role: Pick<RoleDescription, 'name' | 'policies'>): Evaluate {
  const statements = role.policies.flatMap((policy) =>
    statementsOf(policy).map((statement) => compiled(statement, role.name)),
  );
  const decisions = new Map<string, Decision>();
  return (action, resourceArn) => {
    const key = `${action} ${resourceArn}`;
    const known = decisions.get(key);
    if (known !== undefined) {
      return known;
    }
    const decision = decide(statements, action, resourceArn);
    // Log stream and execution ARNs are without number, so the memory is bounded.
    if (decisions.size < 10_000) {
      decisions.set(key, decision);
    }
    return decision;
  };
}

function decide(statements: readonly CompiledStatement[], action: string, resourceArn: string): Decision {
  const matching = statements.filter(
    (statement) => statement.matchesAction(action) && statement.matchesResource(resourceArn),
  );
  if (matching.some(({ deny }) => deny)) {
    return 'explicitly denied';
  }
  return matching.length > 0 ? 'allowed' : 'implicitly denied';
}

/** AWS takes a single statement without its array too. */
export function statementsOf(policy: PolicyDocument): readonly PolicyStatement[] {
  const statement: PolicyStatement | readonly PolicyStatement[] = policy.Statement;
  return [statement].flat();
}

function compiled(statement: PolicyStatement, roleName: string): CompiledStatement {
  for (const element of Object.keys(statement)) {
    if (!KNOWN_ELEMENTS.has(element)) {
      throw new PolicyNotSupportedError(
        `role ${roleName}: a policy statement has the element ${element}${conditionKeys(statement)}, which is not evaluated on this machine`,
      );
    }
  }
  const actions =
    matcher(statement.Action, matchesAction) ?? negated(matcher(statement.NotAction, matchesAction));
  const resources =
    matcher(statement.Resource, matchesArn) ?? negated(matcher(statement.NotResource, matchesArn));
  if (actions === undefined || resources === undefined || !['Allow', 'Deny'].includes(statement.Effect)) {
    throw new PolicyNotSupportedError(
      `role ${roleName}: a policy statement needs an Effect of Allow or Deny, an Action or NotAction, and a Resource or NotResource`,
    );
  }
  return { deny: statement.Effect === 'Deny', matchesAction: actions, matchesResource: resources };
}

function conditionKeys(statement: PolicyStatement): string {
  const keys = Object.values(statement.Condition ?? {}).flatMap((test) => Object.keys(test ?? {}));
  return keys.length === 0 ? '' : ` (${keys.join(', ')})`;
}

type Matches = (value: string) => boolean;

function matcher(
  values: string | readonly string[] | undefined,
  compile: (pattern: string) => Matches,
): Matches | undefined {
  if (values === undefined) {
    return undefined;
  }
  const alternatives = [values].flat().map((pattern) => compile(pattern));
  return (value) => alternatives.some((matches) => matches(value));
}

function negated(matches: Matches | undefined): Matches | undefined {
  return matches === undefined ? undefined : (value) => !matches(value);
}

/** Actions don't tell upper from lower case; ARNs do. */
function matchesAction(pattern: string): Matches {
  const expression = wildcard(pattern, 'i');
  return (action) => expression.test(action);
}

/** A wildcard stays within one field of the ARN; fields that are left out stand for anything. */
function matchesArn(pattern: string): Matches {
  if (pattern === '*') {
    return () => true;
  }
  const fields = arnFields(pattern).map((field) => wildcard(field, ''));
  return (arn) => {
    const values = arnFields(arn);
    return fields.every((field, index) => field.test(values[index] ?? ''));
  };
}

/** The five fields before the resource, and the resource with all its colons. */
function arnFields(arn: string): readonly string[] {
  const fields = arn.split(':');
  return fields.length <= 6 ? fields : [...fields.slice(0, 5), fields.slice(5).join(':')];
}

/** `*` stands for any characters, `?` for one. */
function wildcard(pattern: string, flags: '' | 'i'): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, `s${flags}`);
}
