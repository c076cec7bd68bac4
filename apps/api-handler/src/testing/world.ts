import { createHash, randomUUID } from 'node:crypto';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import type { WorkflowInput } from '@dofs/orders/workflow';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { AcceptPorts } from '../accept-order.ts';
import { createHandler } from '../handler.ts';
import type { Workflow } from '../workflow.ts';

export const STATE_MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:order-processing';
export const VALID_ORDER = { customer_id: 'cust-12345', items: [{ product_id: 'prod-1', quantity: 2 }] };
const NOW = '2026-03-01T10:00:00.000Z';

export interface ModelExecution {
  readonly arn: string;
  readonly input: string;
  running: boolean;
  /** Whether DescribeExecution knows it already: it is eventually consistent. */
  visible: boolean;
}

/** Step Functions as far as names are concerned: STANDARD ones are reserved, EXPRESS ones aren't. */
export function modelWorkflow(type: 'STANDARD' | 'EXPRESS') {
  const executions: ModelExecution[] = [];
  const arnOf = (orderId: string) => `${STATE_MACHINE.replace(':stateMachine:', ':execution:')}:${orderId}`;
  const named = (orderId: string) => executions.find(({ arn }) => arn === arnOf(orderId));
  const begin = (arn: string, input: string) => {
    executions.push({ arn, input, running: true, visible: true });
    return { kind: 'started', executionArn: arn } as const;
  };
  const workflow: Workflow = {
    executionArn: arnOf,
    start: (input: WorkflowInput) => {
      const text = JSON.stringify(input);
      if (type === 'EXPRESS') {
        return Promise.resolve(begin(`${arnOf(input.order_id)}:${executions.length}`, text));
      }
      const twin = named(input.order_id);
      if (twin === undefined) {
        return Promise.resolve(begin(arnOf(input.order_id), text));
      }
      return Promise.resolve(
        twin.running && twin.input === text
          ? { kind: 'started', executionArn: twin.arn }
          : { kind: 'name-taken' },
      );
    },
    find: (orderId) => {
      const found = named(orderId);
      return Promise.resolve(
        found?.visible === true
          ? { executionArn: found.arn, input: found.input, running: found.running }
          : undefined,
      );
    },
  };
  return { workflow, executions };
}

export function world(
  type: 'STANDARD' | 'EXPRESS' = 'STANDARD',
  around: (ports: AcceptPorts) => AcceptPorts | undefined = (ports) => ports,
) {
  const { workflow, executions } = modelWorkflow(type);
  const tables = inMemoryOrderTables();
  const basics = testBasics(() => NOW);
  let drawn = 0;
  const pipeline = around({
    stateMachineArn: STATE_MACHINE,
    workflowType: type,
    workflow,
    orders: tables,
    randomBytes: (count) => {
      drawn += 1;
      return createHash('sha512').update(`${drawn}`).digest().subarray(0, count);
    },
  });
  const handler = createHandler({ ...basics, pipeline, randomUuid: randomUUID });
  return { handler, executions, tables, basics };
}

export interface HttpRequest {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** POST /order as API Gateway passes it on. */
export function post({ headers = {}, body = VALID_ORDER }: HttpRequest = {}): APIGatewayProxyEvent {
  return event('POST', '/order', {
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** GET /order/{order_id}. */
export function get(orderId: string): APIGatewayProxyEvent {
  return event('GET', '/order/{order_id}', { pathParameters: { order_id: orderId } });
}

function event(
  httpMethod: string,
  resource: string,
  fields: Partial<APIGatewayProxyEvent>,
): APIGatewayProxyEvent {
  const base = {
    httpMethod,
    resource,
    path: resource,
    headers: null,
    multiValueHeaders: null,
    pathParameters: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1' },
  };
  // Of the context only the request's id is looked at; headers may be null, whatever the types say.
  return { ...base, ...fields } as unknown as APIGatewayProxyEvent;
}

export function bodyOf(result: APIGatewayProxyResult): Record<string, unknown> {
  return JSON.parse(result.body) as Record<string, unknown>;
}
