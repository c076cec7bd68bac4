import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EnvironmentConfig } from '../src/config/environment-config.ts';
import { variableOf } from '../src/config/variable-of.ts';
import { resourcesOf } from '../src/rules/stack-json.ts';
import { SHIPPED } from './shipped-settings.ts';
import { synthesized } from './synthesized.ts';

const FUNCTION_ALARM =
  /^(api-handler|validator|order-storage|fulfill-order|dlq-handler|stuck-order-sweep)-(errors|throttles|duration)$/;

const dev = synthesized({ DOFS_ENVIRONMENT: 'dev' });
afterAll(() => {
  dev.remove();
});

const page = (path: string) => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');

describe('the documentation', () => {
  it('tells what to do about every alarm', () => {
    // Prepare
    const runbook = page('docs/operations.md');
    const alarms = resourcesOf(dev.jsonOf('dofs-dev'), 'aws_cloudwatch_metric_alarm').map(({ args }) =>
      String(args['alarm_name']).replace('dofs-dev-', ''),
    );

    // Act
    const missing = alarms
      .map((alarm) => alarm.replace(FUNCTION_ALARM, 'FUNCTION-$2'))
      .filter((alarm) => !runbook.includes(`\`${alarm}\``));

    // Assess
    expect(alarms.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it('prints a key policy that lets in every service that uses the key in nobody’s name', () => {
    // Act
    const [, text = '{}'] = /```json\n([\s\S]*?)```/.exec(page('INSTALL.md')) ?? [];
    const { Statement: statements } = JSON.parse(text) as {
      readonly Statement: readonly { readonly Principal: Readonly<Record<string, string>> }[];
    };

    // Assess
    expect(statements.flatMap(({ Principal }) => Object.values(Principal))).toEqual([
      'arn:aws:iam::123456789012:root',
      'logs.us-east-1.amazonaws.com',
      'cloudwatch.amazonaws.com',
      'delivery.logs.amazonaws.com',
    ]);
  });

  it('lists every setting with the value that it is shipped with, and its variable', () => {
    // Prepare
    const readme = page('README.md').split('\n');
    const shown = (value: unknown) =>
      value === true ? 'on' : value === false ? 'off' : String(value) === '' ? 'none' : String(value);

    // Act
    const missing = Object.keys(EnvironmentConfig.properties).filter((setting) => {
      const values = Object.values(SHIPPED.environments).map((environment) =>
        shown(new Map<string, unknown>(Object.entries(environment)).get(setting)),
      );
      const begins = `| ${[setting, ...values].join(' | ')} |`;
      return !readme.some((row) => row.startsWith(begins) && row.endsWith(`| \`${variableOf(setting)}\` |`));
    });

    // Assess
    expect(missing).toEqual([]);
  });
});
