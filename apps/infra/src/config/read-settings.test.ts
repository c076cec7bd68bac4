import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES } from './environment-names.ts';
import {
  chosenEnvironments,
  environmentSettings,
  projectSettings,
  settingsOfEnvironments,
} from './read-settings.ts';
import { SettingsError } from './settings-error.ts';
import { SHIPPED } from '../../test/shipped-settings.ts';

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.problems;
    }
    throw error;
  }
  return [];
};

describe('the settings', () => {
  it('can be overridden by variables of their type', () => {
    // Act
    const settings = environmentSettings(SHIPPED.environments.dev, {
      DOFS_FULFILLMENT_SUCCESS_RATE: '1',
      DOFS_DELETION_PROTECTION: 'true',
      DOFS_WORKFLOW_TYPE: 'EXPRESS',
      DOFS_VPC_SUBNET_IDS: 'subnet-1, subnet-2',
      DOFS_VPC_SECURITY_GROUP_IDS: 'sg-1',
    });

    // Assess
    expect(settings).toMatchObject({
      fulfillmentSuccessRate: 1,
      deletionProtection: true,
      workflowType: 'EXPRESS',
      vpcSubnetIds: ['subnet-1', 'subnet-2'],
    });
  });

  it.each([
    [
      'DOFS_LAMBDA_MEMORY_SIZE',
      '64',
      /^lambdaMemorySize is 64: must be a whole number of MB from 128 to 10240/,
    ],
    ['DOFS_LAMBDA_MEMORY_SIZE', 'lots', /^lambdaMemorySize is "lots": must be a whole number/],
    ['DOFS_LAMBDA_MEMORY_SIZE', '', /^lambdaMemorySize is "": must be a whole number/],
    ['DOFS_LOG_RETENTION_DAYS', '13', /^logRetentionDays is 13: must be one of .* 14, /],
    [
      'DOFS_DLQ_RETENTION_DAYS',
      '3',
      /^dlqRetentionDays is 3: must be longer than orderQueueRetentionDays \(4\)/,
    ],
    ['DOFS_VISIBILITY_TIMEOUT_SECONDS', '6', /^visibilityTimeoutSeconds is 6: .*raise it to 30/],
    ['DOFS_VPC_SECURITY_GROUP_IDS', 'sg-1', /^vpcSubnetIds is \[\]: .*add subnet ids/],
    ['DOFS_VPC_SUBNET_IDS', 'subnet-1', /^vpcSecurityGroupIds is \[\]: .*add security group ids/],
    ['DOFS_ALERT_EMAIL', 'nobody', /^alertEmail is "nobody": must be an e-mail address/],
    ['DOFS_FULFILLMENT_SUCCESS_RATE', '1.5', /^fulfillmentSuccessRate is 1.5: must be a number from 0 to 1/],
    ['DOFS_DELETION_PROTECTION', 'yes', /^deletionProtection is "yes": must be true or false/],
    ['DOFS_WORKFLOW_TYPE', 'express', /^workflowType is "express": must be one of STANDARD, EXPRESS/],
    ['DOFS_STUCK_AFTER_SECONDS', '60', /^stuckAfterSeconds is 60: .*raise it to 90/],
  ])('refuse %s=%s in one line that names the setting and the remedy', (variable, value, expected) => {
    // Act
    const problems = problemsOf(() => environmentSettings(SHIPPED.environments.dev, { [variable]: value }));

    // Assess
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(problems.join()).not.toContain('\n');
  });

  it('of which two break a rule together are refused with the variables of both', () => {
    expect(
      problemsOf(() =>
        environmentSettings(SHIPPED.environments.dev, { DOFS_VISIBILITY_TIMEOUT_SECONDS: '6' }),
      ),
    ).toEqual([
      expect.stringMatching(
        /apps\/infra\/src\/config or set DOFS_VISIBILITY_TIMEOUT_SECONDS, DOFS_FULFILLMENT_TIMEOUT_SECONDS$/,
      ),
    ]);
  });

  it('that are wrong in some environments are refused with their names', () => {
    // Prepare
    const { dev, staging, prod } = SHIPPED.environments;
    const own = {
      dev: { ...dev, maxRequeues: -1 },
      staging,
      prod: { ...prod, maxRequeues: -1, dlqRetentionDays: 20 },
    };

    // Act
    const problems = problemsOf(() => settingsOfEnvironments(own, ENVIRONMENT_NAMES, {}));

    // Assess
    expect(problems).toEqual([
      expect.stringMatching(/^dev, prod: maxRequeues is -1: must be/),
      expect.stringMatching(/^prod: dlqRetentionDays is 20: must be/),
    ]);
  });

  it('that are wrong in every environment are refused once', () => {
    expect(
      problemsOf(() =>
        settingsOfEnvironments(SHIPPED.environments, ENVIRONMENT_NAMES, { DOFS_LAMBDA_MEMORY_SIZE: '64' }),
      ),
    ).toEqual([expect.stringMatching(/^lambdaMemorySize is 64/)]);
  });

  it('refuse every wrong one at once', () => {
    expect(
      problemsOf(() =>
        environmentSettings(SHIPPED.environments.prod, {
          DOFS_LAMBDA_MEMORY_SIZE: '64',
          DOFS_ALERT_EMAIL: 'nobody',
        }),
      ),
    ).toHaveLength(2);
  });

  it.each([
    ['DOFS_PROJECT_NAME', 'Dofs!', /^projectName is "Dofs!"/],
    ['DOFS_REGION', 'here', /^region is "here"/],
    ['DOFS_GITHUB_REPOSITORY', 'no-owner', /^githubRepository is "no-owner"/],
    [
      'DOFS_AWS_PROVIDER_VERSION',
      '4.67.0',
      /^awsProviderVersion is "4.67.0": must be a version from 5.100.0/,
    ],
    ['DOFS_AWS_PROVIDER_VERSION', '5.99.1', /^awsProviderVersion is "5.99.1"/],
    ['DOFS_AWS_PROVIDER_VERSION', '>= 5.100.0', /^awsProviderVersion is ">= 5.100.0"/],
  ])('of the project refuse %s=%s', (variable, value, expected) => {
    expect(problemsOf(() => projectSettings(SHIPPED.project, { [variable]: value }))).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  it.each(['5.100.0', '6.2.1', '>= 5.100.0, < 7.0.0'])(
    'of the project take the AWS provider %s',
    (version) => {
      expect(projectSettings(SHIPPED.project, { DOFS_AWS_PROVIDER_VERSION: version })).toMatchObject({
        awsProviderVersion: version,
      });
    },
  );

  it('know no other environment', () => {
    expect(problemsOf(() => chosenEnvironments({ DOFS_ENVIRONMENT: 'nowhere' }))).toEqual([
      'DOFS_ENVIRONMENT is "nowhere": must be one of dev, staging, prod',
    ]);
    expect(chosenEnvironments({ DOFS_ENVIRONMENT: 'dev' })).toEqual(['dev']);
  });
});
