import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { FAULTY_OPERATIONS } from './operations.ts';

/**
 * What a rule does to the calls that it picks.
 * `throttle`: refused as the service refuses a caller that is too fast; it has no effect.
 * `error`: refused with the error named by `code`; it has no effect.
 * `lost-answer`: it takes effect, and the caller is told of an internal error.
 * `slow`: it takes effect after `delayMs`.
 * `kill-before`, `kill-after`: the function that calls is ended at once, before or after the effect. Calls that an
 * engine makes (a state machine's, a poller's) end nobody, and are left alone.
 * `duplicate-delivery`: (ReceiveMessage) a received message is at once visible to the next receiver too.
 */
export const FAULTS = [
  'throttle',
  'error',
  'lost-answer',
  'slow',
  'kill-before',
  'kill-after',
  'duplicate-delivery',
] as const;
export type Fault = (typeof FAULTS)[number];

const FaultRule = Type.Object(
  {
    /** Shown in reports. */
    name: Type.String({ minLength: 1 }),
    fault: Type.Enum([...FAULTS]),
    service: Type.Enum(['dynamodb', 'sqs', 'states', 'logs', 'lambda']),
    /** Operations as the API names them: `UpdateItem`. */
    operations: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    /** Only calls of this function, by its name's ending: `fulfill-order`. */
    caller: Type.Optional(Type.String({ minLength: 1 })),
    /** Only calls whose request holds this text: a table's or queue's name. */
    containing: Type.Optional(Type.String({ minLength: 1 })),
    /** Share of the picked calls that are hit, 0 to 1. */
    probability: Type.Number({ minimum: 0, maximum: 1 }),
    /** Draw once a subject instead of once a call: a subject that is hit is hit at every call, up to `atMost`. */
    everyTime: Type.Optional(Type.Boolean()),
    /** Most hits on one subject (see `subject` in FaultConfig), so that a retry comes through in the end. */
    atMost: Type.Optional(Type.Integer({ minimum: 1 })),
    /** For `slow`: milliseconds. */
    delayMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })),
    /** For `error`: the error's code. */
    code: Type.Optional(Type.String({ minLength: 1 })),
    /** Only from this many milliseconds after the start on, and only until this many. */
    fromMs: Type.Optional(Type.Integer({ minimum: 0 })),
    untilMs: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type FaultRule = Static<typeof FaultRule>;

const FaultConfig = Type.Object(
  {
    /** The same seed hits the same subjects. */
    seed: Type.Integer(),
    /**
     * A regular expression; the first match in a request names what the call is about. Whether a call is hit
     * follows from seed, rule, subject and how often the subject came by, never from the order of calls. A request
     * without a match is left alone; a ReceiveMessage, which can have none, is about its queue.
     */
    subject: Type.String({ minLength: 1 }),
    rules: Type.Array(FaultRule),
  },
  { additionalProperties: false },
);
export type FaultConfig = Static<typeof FaultConfig>;

/** The faults asked for can't be injected; the message names the rule and what to change. */
export class FaultConfigError extends Error {
  override readonly name = 'FaultConfigError';
}

/**
 * Reads a fault file.
 * @throws FaultConfigError
 */
export function parseFaultConfig(text: string): FaultConfig {
  const value = parseJson(text);
  if (!Value.Check(FaultConfig, value)) {
    const [violation] = Value.Errors(FaultConfig, value);
    throw new FaultConfigError(
      `${violation?.instancePath || 'the file'} ${violation?.message ?? 'is not a fault file'}`,
    );
  }
  checkSubject(value.subject);
  for (const rule of value.rules) {
    checkRule(rule);
  }
  return value;
}

/**
 * Checks that each rule's caller is there to be hit.
 * @param names of the functions and state machines that call
 * @throws FaultConfigError
 */
export function checkCallers({ rules }: FaultConfig, names: readonly string[]): void {
  for (const { name, caller } of rules) {
    if (caller !== undefined && !names.some((candidate) => candidate.endsWith(caller))) {
      throw new FaultConfigError(
        `rule "${name}": nothing is called ${caller}; caller is the ending of one of ${names.join(', ')}`,
      );
    }
  }
}

function checkSubject(subject: string): void {
  try {
    new RegExp(subject);
  } catch (error) {
    throw new FaultConfigError(`subject is no regular expression: ${(error as Error).message}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FaultConfigError(`not JSON: ${(error as Error).message}`);
  }
}

function checkRule(rule: FaultRule): void {
  const needs = (setting: 'delayMs' | 'code', fault: Fault) => {
    if ((rule.fault === fault) !== (rule[setting] !== undefined)) {
      throw new FaultConfigError(
        `rule "${rule.name}": ${setting} goes with the fault ${fault}, and only there`,
      );
    }
  };
  needs('delayMs', 'slow');
  needs('code', 'error');
  const known: readonly string[] = FAULTY_OPERATIONS[rule.service];
  const unknown = rule.operations.find((operation) => !known.includes(operation));
  if (unknown !== undefined) {
    throw new FaultConfigError(
      `rule "${rule.name}": ${rule.service} has no operation ${unknown}; choose from ${known.join(', ')}`,
    );
  }
  if (rule.fromMs !== undefined && rule.untilMs !== undefined && rule.fromMs >= rule.untilMs) {
    throw new FaultConfigError(
      `rule "${rule.name}": fromMs ${rule.fromMs} must be less than untilMs ${rule.untilMs}`,
    );
  }
  if (
    rule.fault === 'duplicate-delivery' &&
    rule.operations.some((operation) => operation !== 'ReceiveMessage')
  ) {
    throw new FaultConfigError(
      `rule "${rule.name}": duplicate-delivery works on the operation ReceiveMessage only`,
    );
  }
}
