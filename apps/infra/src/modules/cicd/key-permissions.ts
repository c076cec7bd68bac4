import type { Permission } from '../iam/policy.ts';

/**
 * What a deployment does with customer-managed keys: the services ask for them in its name. The longest list is
 * DynamoDB's (AWS: "Using IAM policies with DynamoDB encryption at rest"); Lambda encrypts the variables.
 */
export function keyPermissions(keyArns: readonly string[]): readonly Permission[] {
  return keyArns.length === 0
    ? []
    : [
        {
          sid: 'Keys',
          actions: [
            'kms:DescribeKey',
            'kms:Encrypt',
            'kms:Decrypt',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
            'kms:GenerateDataKey',
            'kms:GenerateDataKeyWithoutPlaintext',
          ],
          resources: keyArns,
        },
        {
          sid: 'LendKeys',
          actions: ['kms:CreateGrant'],
          resources: keyArns,
          // To services only.
          condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
        },
      ];
}

/** What a plan does: Terraform reads functions with their encrypted variables, and the workflow's definition. */
export function keyReadPermissions(keyArns: readonly string[]): readonly Permission[] {
  return keyArns.length === 0
    ? []
    : [{ sid: 'Keys', actions: ['kms:DescribeKey', 'kms:Decrypt'], resources: keyArns }];
}
