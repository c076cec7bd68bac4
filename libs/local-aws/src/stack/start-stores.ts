import { startDynamoDb } from '../dynamodb/dynamodb-service.ts';
import { startAwsEndpoint } from '../http/aws-endpoint.ts';
import { createLambdaService } from '../lambda-api/lambda-service.ts';
import { meterPage } from '../meter/meter-page.ts';
import { startSqs } from '../sqs/sqs-service.ts';
import type { StackDescription } from '../stack-description.ts';
import type { StackParts } from '../stack-parts.ts';
import { createSts } from '../sts/sts-service.ts';
import type { StackOptions } from './stack-options.ts';
import { folderIn, type Wiring } from './wiring.ts';

/** What keeps data, and the endpoint in front of it. */
export async function startStores(
  description: StackDescription,
  options: StackOptions,
  wiring: Wiring,
  parts: StackParts,
) {
  const { clock, report, logs, meter } = wiring;
  const dynamodb = await startDynamoDb(description, folderIn(options.dataDir, 'dynamodb'));
  parts.started('dynamodb', () => dynamodb.close());
  let awsEndpoint = '';
  const sqsDir = folderIn(options.dataDir, 'sqs');
  const sqs = await startSqs(description, {
    ...(sqsDir === undefined ? {} : { dataDir: sqsDir }),
    clock,
    endpoint: () => awsEndpoint,
  });
  parts.started('sqs', () => sqs.close());
  const endpoint = await startAwsEndpoint(options.awsPort, {
    dispatch: wiring.dispatch,
    ...(meter === undefined ? {} : { ownPage: (request) => meterPage(meter, request) }),
    principalOf: (id) => wiring.identities.principalOf(id),
    onDefect: (error, operation) => report(operation, error),
  });
  parts.started('endpoint', () => endpoint.close());
  awsEndpoint = endpoint.url;
  const lambda = createLambdaService(description, { runner: wiring.functions, onAsyncFailure: report });
  return { awsEndpoint, all: [dynamodb, sqs, logs, lambda, createSts(description.accountId)] };
}
