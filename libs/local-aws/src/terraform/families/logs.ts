import type { LogGroupDescription } from '../../stack-description.ts';
import { optionalNumber, type Resource, type ResourceTypes, type StackContext } from '../resource.ts';
import { nameOf, regionalArn } from './names.ts';

const logGroupArn = (group: Resource, context: StackContext) =>
  regionalArn(context, 'logs', `log-group:${nameOf(group)}`);

export const logTypes: ResourceTypes = {
  aws_cloudwatch_log_group: {
    args: {
      name: 'honoured',
      name_prefix: 'honoured',
      retention_in_days: 'honoured',
      log_group_class: ['STANDARD'],
      skip_destroy: 'harmless',
      tags: 'harmless',
    },
    // The provider's own arn has no `:*` at its end.
    computed: { arn: logGroupArn, id: (group) => nameOf(group), name: (group) => nameOf(group) },
  },
};

export function describeLogGroups(context: StackContext): LogGroupDescription[] {
  return context.resources('aws_cloudwatch_log_group').map((group) => {
    const retentionDays = optionalNumber(group, 'retention_in_days');
    // 0 is Terraform's way to say for ever.
    return {
      name: nameOf(group),
      ...(retentionDays === undefined || retentionDays === 0 ? {} : { retentionDays }),
    };
  });
}
