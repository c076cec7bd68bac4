import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import type { TerraformStack } from 'cdktf';
import type { ProjectConfig } from '../config/environment-config.ts';
import type { Account } from './context.ts';

const TERRAFORM_VERSIONS = '>= 1.9.0';

/** The AWS provider, with tags on everything that it makes. */
export function awsProvider(
  stack: TerraformStack,
  project: ProjectConfig,
  tags: Readonly<Record<string, string>>,
): Account {
  new AwsProvider(stack, 'aws', {
    region: project.region,
    defaultTags: [{ tags: { Project: project.projectName, ManagedBy: 'terraform', ...tags } }],
  });
  stack.addOverride('terraform.required_providers.aws.version', project.awsProviderVersion);
  stack.addOverride('terraform.required_version', TERRAFORM_VERSIONS);
  return {
    id: new DataAwsCallerIdentity(stack, 'current').accountId,
    partition: new DataAwsPartition(stack, 'partition').partition,
  };
}
