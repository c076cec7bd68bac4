import { recent } from './recent.ts';

/** What AWS bills, each by its own unit. */
export type Amount =
  /** DynamoDB, on demand. */
  | 'writeUnits'
  | 'readUnits'
  /** SQS, by 64 KB; receives that brought nothing apart. */
  | 'requests'
  | 'emptyReceives'
  /** Step Functions, STANDARD. */
  | 'transitions'
  /** Step Functions, EXPRESS. */
  | 'executions'
  /** Lambda. */
  | 'invocations'
  | 'billedMs'
  /** Lambda and EXPRESS executions: gigabytes times seconds. */
  | 'gbSeconds'
  /** API Gateway. */
  | 'apiRequests'
  /** CloudWatch Logs: ingested. */
  | 'logBytes'
  /** Calls that AWS bills and this meter can't price. */
  | 'unpriced';
export type Amounts = Readonly<Partial<Record<Amount, number>>>;

/** One kind of use: what was done to which resource, how often, and what of it is billed. */
export interface UsageLine {
  readonly service: string;
  /** A table, queue, function, state machine, API or log group, by name. */
  readonly resource: string;
  /** An API operation, or a state's name. */
  readonly operation: string;
  readonly count: number;
  readonly amounts: Amounts;
}

export interface Usage {
  /**
   * Adds a use.
   * @param subjects what the use was for; shared by them evenly. None: it is in the run's sum only
   */
  add(line: UsageLine, subjects: readonly string[]): void;
  /** Says what a use was for that has been added for nobody. */
  attribute(line: UsageLine, subjects: readonly string[]): void;
  run(): readonly UsageLine[];
  /** Undefined for a subject that never came by, or too long ago. */
  of(subject: string): readonly UsageLine[] | undefined;
  subjects(): readonly string[];
}

interface Sum {
  readonly service: string;
  readonly resource: string;
  readonly operation: string;
  count: number;
  readonly amounts: Partial<Record<Amount, number>>;
}

type Sums = Map<string, Sum>;

/** Sums up uses, for the run and for each of the latest subjects. */
export function createUsage(mostSubjects: number): Usage {
  const run: Sums = new Map();
  const bySubject = recent<Sums>(mostSubjects);
  const attribute: Usage['attribute'] = (line, subjects) => {
    for (const subject of subjects) {
      let sums = bySubject.get(subject);
      if (sums === undefined) {
        sums = new Map();
        bySubject.set(subject, sums);
      }
      addTo(sums, line, 1 / subjects.length);
    }
  };
  return {
    add(line, subjects) {
      addTo(run, line, 1);
      attribute(line, subjects);
    },
    attribute,
    run: () => linesOf(run),
    of(subject) {
      const sums = bySubject.get(subject);
      return sums === undefined ? undefined : linesOf(sums);
    },
    subjects: () => [...bySubject.entries()].map(([subject]) => subject),
  };
}

function addTo(sums: Sums, line: UsageLine, share: number): void {
  const key = `${line.service} ${line.resource} ${line.operation}`;
  let sum = sums.get(key);
  if (sum === undefined) {
    const { service, resource, operation } = line;
    sum = { service, resource, operation, count: 0, amounts: {} };
    sums.set(key, sum);
  }
  sum.count += line.count * share;
  let amount: Amount;
  for (amount in line.amounts) {
    sum.amounts[amount] = (sum.amounts[amount] ?? 0) + (line.amounts[amount] ?? 0) * share;
  }
}

function linesOf(sums: Sums): UsageLine[] {
  return [...sums.values()].map((sum) => ({ ...sum, amounts: { ...sum.amounts } }));
}
