import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError, USAGE } from './options.ts';
import { QUOTAS } from './quotas.ts';

function options(...argv: string[]) {
  const parsed = parseOptions(argv);
  if (parsed === 'help') {
    throw new Error('no help was asked for');
  }
  return parsed;
}

describe('the options of the simulation', () => {
  it('take quotas as if they had been raised, in the Region asked for', () => {
    // Act
    const { quotas } = options(
      '--region',
      'eu-central-1',
      '--quota',
      'concurrency=5000',
      '--quota',
      'transitions=900',
    );

    // Assess
    expect(quotas.concurrency.value).toBe(5_000);
    expect(quotas.transitions).toMatchObject({ value: 900, bucket: 800 });
    expect(quotas.startExecutionStandard).toMatchObject({ value: 150, bucket: 800 });
  });

  it('are of us-east-1 unless told', () => {
    // Assess
    expect(options().quotas.startExecutionStandard).toMatchObject({ value: 300, bucket: 1_300 });
  });

  it.each(['concurrency', 'concurrency=', 'concurrency=0', 'concurrency=-1', 'concurrency=many'])(
    'refuse the quota %s',
    (quota) => {
      // Assess
      expect(() => options('--quota', quota)).toThrow(UsageError);
    },
  );

  it('name the known quotas where one is unknown, as the help does', () => {
    // Assess
    for (const name of Object.keys(QUOTAS)) {
      expect(() => options('--quota', 'toString=1')).toThrow(name);
      expect(USAGE).toContain(name);
    }
  });

  it('refuse what is no Region', () => {
    // Assess
    expect(() => options('--region', 'Frankfurt')).toThrow('--region Frankfurt');
  });
});
