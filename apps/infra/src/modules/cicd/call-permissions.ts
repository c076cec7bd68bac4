import type { EnvironmentName } from '../../config/environment-names.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import type { GlobalStackOptions } from '../../stacks/global-stack.ts';
import type { Permission } from '../iam/policy.ts';
import { taggedWith } from './api-permissions.ts';

/** What the smoke test of an environment needs to be let in by its API. */
export function callPermissions(
  context: GlobalContext,
  names: readonly EnvironmentName[],
  environments: GlobalStackOptions['environments'],
): readonly Permission[] {
  const { project, account } = context;
  const { partition, id } = account;
  const withAuthorization = (kind: 'API_KEY' | 'AWS_IAM') =>
    names.filter((name) => environments[name].apiAuthorization === kind);
  const keyed = withAuthorization('API_KEY');
  const signed = withAuthorization('AWS_IAM');
  return [
    ...(keyed.length === 0
      ? []
      : [
          {
            sid: 'ReadApiKey',
            actions: ['apigateway:GET'],
            // AWS makes up a key's id; its tags tell whose it is.
            resources: [`arn:${partition}:apigateway:${project.region}::/apikeys/*`],
            condition: { StringEquals: taggedWith('aws:ResourceTag', project.projectName, keyed) },
          },
        ]),
    ...(signed.length === 0
      ? []
      : [
          {
            sid: 'CallApi',
            actions: ['execute-api:Invoke'],
            // AWS makes up an API's id; its stage has the environment's name.
            resources: signed.flatMap((name) =>
              ['POST/order', 'GET/order/*'].map(
                (method) => `arn:${partition}:execute-api:${project.region}:${id}:*/${name}/${method}`,
              ),
            ),
          },
        ]),
  ];
}
