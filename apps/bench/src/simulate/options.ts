import { parseArgs } from 'node:util';
import { PRODUCTION, type Design, type WorkflowType } from './design.ts';
import { QUOTAS, type QuotaName, type Quotas } from './quotas.ts';
import { isQuotaName, quotasOf } from './quotas-of-region.ts';

export interface SimulateOptions {
  /** Orders a second. */
  readonly rate: number;
  readonly types: readonly WorkflowType[];
  /** Orders a second before and after a burst. */
  readonly baseRate: number;
  readonly burstMinutes: number;
  readonly outageMinutes: number;
  readonly design: Design;
  readonly region: string;
  readonly quotas: Quotas;
  readonly json: boolean;
}

/** Wrong use of the command line; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The numbers that can be set, by option: what they change in the design, and their least value. */
const DESIGN_OPTIONS = {
  'stage-rate': ['stageRate', 1],
  'stage-burst': ['stageBurst', 1],
  consumers: ['consumers', 1],
  'batch-size': ['batchSize', 1],
  'api-handler-ms': ['apiHandlerMs', 1],
  'validator-ms': ['validatorMs', 1],
  'order-storage-ms': ['orderStorageMs', 1],
  'batch-ms': ['batchMs', 1],
} as const satisfies Record<string, readonly [keyof Design, number]>;

/** The shape of a Region's name; whether AWS has such a Region isn't asked. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

export const USAGE = `Sets the design against AWS's quotas: which one binds first, and what a burst or an outage leaves behind.

Usage: npm run simulate -- [options]

  --rate N                  orders a second (default: 500)
  --workflow-type TYPE      STANDARD, EXPRESS or both (default: both)
  --base-rate N             orders a second before and after the burst (default: 100)
  --burst-minutes N         how long the rate lasts (default: 10)
  --outage-minutes N        how long no message is consumed, from the start (default: 10)

The design; defaults are production's settings and durations taken for warm functions:
  --stage-rate N            throttlingRateLimit, requests a second (default: ${PRODUCTION.stageRate})
  --stage-burst N           throttlingBurstLimit (default: ${PRODUCTION.stageBurst})
  --consumers N             queueMaximumConcurrency (default: ${PRODUCTION.consumers})
  --batch-size N            queueBatchSize (default: ${PRODUCTION.batchSize})
  --api-handler-ms N        milliseconds of one invocation (default: ${PRODUCTION.apiHandlerMs})
  --validator-ms N          (default: ${PRODUCTION.validatorMs})
  --order-storage-ms N      (default: ${PRODUCTION.orderStorageMs})
  --batch-ms N              milliseconds of a full batch of fulfill-order (default: ${PRODUCTION.batchMs})

AWS's quotas; defaults are AWS's own:
  --region REGION           some quotas differ by Region (default: us-east-1)
  --quota NAME=VALUE        as if a quota had been raised, or lowered; can be repeated. A bucket keeps its size.
                            NAME: ${wrapped(Object.keys(QUOTAS), 28)}

  --json                    the result as JSON
  --help                    this text

Exit status: 0 done; 2 wrong usage.`;

/**
 * Reads the command line.
 * @throws UsageError
 */
export function parseOptions(argv: readonly string[]): SimulateOptions | 'help' {
  const values = parseCommandLine(argv);
  if (values['help'] === true) {
    return 'help';
  }
  const number = (option: string, fallback: number, least: number): number => {
    const text = values[option];
    const value = text === undefined ? fallback : Number(text);
    if (!Number.isFinite(value) || value < least || text === '') {
      throw new UsageError(`--${option} ${String(text)}: give a number of at least ${least}`);
    }
    return value;
  };
  const region = regionOf(values['region']);
  const settings = Object.entries(DESIGN_OPTIONS).map(([option, [setting, least]]) => [
    setting,
    number(option, PRODUCTION[setting], least),
  ]);
  return {
    rate: number('rate', 500, 0.001),
    types: workflowTypes(values['workflow-type']),
    baseRate: number('base-rate', 100, 0),
    burstMinutes: number('burst-minutes', 10, 0),
    outageMinutes: number('outage-minutes', 10, 0),
    design: { ...PRODUCTION, ...(Object.fromEntries(settings) as Partial<Design>) },
    region,
    quotas: quotasOf(region, raisedQuotas(values['quota'])),
    json: values['json'] === true,
  };
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parseCommandLine(argv: readonly string[]): Values {
  const texts = [
    'rate',
    'workflow-type',
    'base-rate',
    'burst-minutes',
    'outage-minutes',
    'region',
    ...Object.keys(DESIGN_OPTIONS),
  ];
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...Object.fromEntries(texts.map((name) => [name, { type: 'string' } as const])),
        quota: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}

function regionOf(text: Values[string]): string {
  if (text === undefined) {
    return 'us-east-1';
  }
  if (typeof text !== 'string' || !REGION.test(text)) {
    throw new UsageError(`--region ${String(text)}: give a Region such as eu-central-1`);
  }
  return text;
}

function raisedQuotas(texts: Values[string]): Partial<Record<QuotaName, number>> {
  return Object.fromEntries([texts ?? []].flat().map((text) => raisedQuota(String(text))));
}

function raisedQuota(text: string): [QuotaName, number] {
  const [, name, value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined || !(Number(value) > 0)) {
    throw new UsageError(`--quota ${text}: give NAME=VALUE, the value a number above 0`);
  }
  if (!isQuotaName(name)) {
    throw new UsageError(`--quota ${text}: there is no ${name}; known are ${Object.keys(QUOTAS).join(', ')}`);
  }
  return [name, Number(value)];
}

function workflowTypes(text: Values[string]): readonly WorkflowType[] {
  switch (text) {
    case undefined:
    case 'both':
      return ['STANDARD', 'EXPRESS'];
    case 'STANDARD':
    case 'EXPRESS':
      return [text];
    default:
      throw new UsageError(`--workflow-type ${String(text)}: choose STANDARD, EXPRESS or both`);
  }
}

/** Words with commas, in lines of 100 columns that begin after an indentation. */
function wrapped(words: readonly string[], indent: number): string {
  const lines = [''];
  for (const [index, word] of words.entries()) {
    const text = index === words.length - 1 ? word : `${word}, `;
    const line = lines.at(-1) ?? '';
    if (indent + line.length + text.length > 100) {
      lines.push(text);
    } else {
      lines[lines.length - 1] = line + text;
    }
  }
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(indent)}`);
}
