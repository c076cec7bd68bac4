import {
  optionalText,
  type Resource,
  type ResourceType,
  type ResourceTypes,
  type StackContext,
} from '../resource.ts';
import { localId, localUuid, nameOf, regionalArn } from './names.ts';

/** Data sources about where the stack runs. */
const dataSources: ResourceTypes = {
  'data.aws_caller_identity': {
    args: {},
    computed: {
      account_id: (_, context) => context.accountId,
      id: (_, context) => context.accountId,
      arn: (_, context) => `arn:${context.partition}:iam::${context.accountId}:root`,
      user_id: (_, context) => context.accountId,
    },
  },
  'data.aws_region': {
    args: {},
    computed: {
      name: (_, context) => context.region,
      region: (_, context) => context.region,
      id: (_, context) => context.region,
    },
  },
  'data.aws_partition': {
    args: {},
    computed: {
      partition: (_, context) => context.partition,
      id: (_, context) => context.partition,
      dns_suffix: () => 'amazonaws.com',
    },
  },
};

type Arn = (resource: Resource, context: StackContext) => string;

/** A resource that can be referred to and does nothing here: it is named at start. */
function notRun(arn: Arn, id: Arn): ResourceType {
  return { args: {}, notRun: true, computed: { arn, id, name: (resource) => nameOf(resource) } };
}

const alarmArn: Arn = (alarm, context) =>
  regionalArn(context, 'cloudwatch', `alarm:${nameOf(alarm, 'alarm_name')}`);
const topicArn: Arn = (topic, context) => regionalArn(context, 'sns', nameOf(topic));
const keyArn: Arn = (key, context) => regionalArn(context, 'kms', `key/${localUuid(key)}`);
const aliasArn: Arn = (alias, context) => regionalArn(context, 'kms', nameOf(alias));
const bucketArn: Arn = (bucket, context) => `arn:${context.partition}:s3:::${nameOf(bucket, 'bucket')}`;

const bystanders: ResourceTypes = {
  aws_cloudwatch_metric_alarm: notRun(alarmArn, (alarm) => nameOf(alarm, 'alarm_name')),
  aws_cloudwatch_composite_alarm: notRun(alarmArn, (alarm) => nameOf(alarm, 'alarm_name')),
  aws_sns_topic: notRun(topicArn, topicArn),
  aws_kms_key: {
    args: {},
    notRun: true,
    computed: { arn: keyArn, id: (key) => localUuid(key), key_id: (key) => localUuid(key) },
  },
  aws_kms_alias: notRun(aliasArn, (alias) => nameOf(alias)),
  aws_s3_bucket: notRun(bucketArn, (bucket) => nameOf(bucket, 'bucket')),
  // The bundle of a function that is deployed from S3 is read from the object's source.
  aws_s3_object: {
    args: {
      bucket: 'harmless',
      key: 'honoured',
      source: 'honoured',
      source_hash: 'harmless',
      etag: 'harmless',
      tags: 'harmless',
    },
    computed: {
      id: (object) => optionalText(object, 'key'),
      etag: (object) => localId(object, 32),
      version_id: () => 'null',
    },
  },
  aws_security_group: notRun(
    (group, context) => regionalArn(context, 'ec2', `security-group/sg-${localId(group, 17)}`),
    (group) => `sg-${localId(group, 17)}`,
  ),
};

export const environmentTypes: ResourceTypes = { ...dataSources, ...bystanders };
