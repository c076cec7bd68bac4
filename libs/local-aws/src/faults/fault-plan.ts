import { createHash } from 'node:crypto';
import type { ServiceCall } from '../service-call.ts';
import type { FaultConfig, FaultRule } from './fault-rules.ts';

/** What a call is about: the text in which its subject is looked for, and the subject where the text has none. */
export interface About {
  readonly text: string;
  readonly otherwise?: string;
}

/** Which rule, if any, of those that `isAsked` picks hits a call about a subject. */
export type FaultPlan = (
  call: ServiceCall,
  about: About,
  isAsked: (rule: FaultRule) => boolean,
) => { rule: FaultRule; subject: string } | undefined;

/**
 * Decides repeatably: a hit follows from seed, rule, subject and the subject's occurrence under that rule, so
 * neither concurrency nor timing changes which subjects are hit.
 * @param elapsedMs milliseconds since the start
 */
export function createFaultPlan(config: FaultConfig, elapsedMs: () => number): FaultPlan {
  const subjectPattern = new RegExp(config.subject);
  const states = config.rules.map(() => new Map<string, { seen: number; hits: number }>());
  return (call, { text, otherwise }, isAsked) => {
    const subject = subjectPattern.exec(text)?.[0] ?? otherwise;
    if (subject === undefined) {
      return undefined;
    }
    const now = elapsedMs();
    for (const [index, rule] of config.rules.entries()) {
      const state = states[index];
      if (
        state !== undefined &&
        isAsked(rule) &&
        applies(rule, call, text, now) &&
        hits(config.seed, rule, subject, state)
      ) {
        return { rule, subject };
      }
    }
    return undefined;
  };
}

function applies(rule: FaultRule, call: ServiceCall, text: string, now: number): boolean {
  return (
    rule.service === call.service &&
    rule.operations.includes(call.operation) &&
    (rule.caller === undefined ||
      (call.principal.kind === 'role' && call.principal.user.endsWith(rule.caller))) &&
    (rule.containing === undefined || text.includes(rule.containing)) &&
    now >= (rule.fromMs ?? 0) &&
    now < (rule.untilMs ?? Infinity)
  );
}

function hits(
  seed: number,
  rule: FaultRule,
  subject: string,
  state: Map<string, { seen: number; hits: number }>,
): boolean {
  const past = state.get(subject) ?? { seen: 0, hits: 0 };
  const occurrence = rule.everyTime === true ? 0 : past.seen;
  const allowed = past.hits < (rule.atMost ?? Infinity);
  const hit = allowed && draw(seed, rule.name, subject, occurrence) < rule.probability;
  state.set(subject, { seen: past.seen + 1, hits: past.hits + (hit ? 1 : 0) });
  return hit;
}

/** A number in [0, 1) that follows from its arguments alone. */
function draw(seed: number, rule: string, subject: string, occurrence: number): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, rule, subject, occurrence]))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}
