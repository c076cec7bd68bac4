import type { GlobalContext } from '../../stacks/context.ts';
import type { Permission } from '../iam/policy.ts';
import type { PipelineDefinition } from './pipeline-stages.ts';

/** The tags that the provider puts on everything (`stacks/provider.ts`), as a condition. */
export function taggedWith(
  key: 'aws:RequestTag' | 'aws:ResourceTag',
  projectName: string,
  environments: readonly string[],
): Readonly<Record<string, string | readonly string[]>> {
  return { [`${key}/Project`]: projectName, [`${key}/Environment`]: environments };
}

/**
 * What Terraform does with REST APIs, keys and usage plans. AWS makes up their ids, so it is their tags that tell whose
 * they are: a call that makes one carries them, and what is inside an API or a plan inherits them (AWS: "API Gateway
 * resources that can be tagged", tag inheritance).
 */
export function apiPermissions(
  { project, account }: GlobalContext,
  { environments }: PipelineDefinition,
): readonly Permission[] {
  const arn = (path: string) => `arn:${account.partition}:apigateway:${project.region}::${path}`;
  const existing = taggedWith('aws:ResourceTag', project.projectName, environments);
  return [
    {
      sid: 'MakeApis',
      actions: ['apigateway:POST'],
      resources: ['/restapis', '/apikeys', '/usageplans'].map(arn),
      condition: { StringEquals: taggedWith('aws:RequestTag', project.projectName, environments) },
    },
    {
      // Without condition: what somebody has deleted has no tags, and Terraform must be told that it isn't there.
      sid: 'ReadApis',
      actions: ['apigateway:GET'],
      resources: ['/restapis/*', '/usageplans/*'].map(arn),
    },
    {
      sid: 'ReadApiKeys',
      actions: ['apigateway:GET'],
      resources: [arn('/apikeys/*')],
      condition: { StringEquals: existing },
    },
    {
      sid: 'ChangeApis',
      actions: ['apigateway:POST', 'apigateway:PUT', 'apigateway:PATCH', 'apigateway:DELETE'],
      resources: ['/restapis/*', '/apikeys/*', '/usageplans/*'].map(arn),
      condition: { StringEquals: existing },
    },
    {
      // Setting tags, which is checked for a new resource too. Such a call need not carry the tags that the resource
      // has; where it does, they are not another environment's.
      sid: 'TagApis',
      actions: ['apigateway:POST', 'apigateway:PUT', 'apigateway:DELETE'],
      resources: [arn('/tags/*')],
      condition: { StringEqualsIfExists: existing },
    },
  ];
}
