import { troubled, troublesOf, type Trouble } from '@dofs/order-tables/testing/troubled';
import type { WorkflowInput } from '@dofs/orders/workflow';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf, post, VALID_ORDER, world } from './testing/world.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const anyHeaders = fc.option(
  fc.dictionary(fc.oneof(anyText, fc.constantFrom('Idempotency-Key', 'x-correlation-id')), anyText),
);

/** Orders with anything in the place of anything. */
const anyOrder = fc.record(
  {
    customer_id: fc.oneof(fc.string({ maxLength: 140 }), fc.jsonValue()),
    items: fc.oneof(
      fc.array(
        fc.record(
          {
            product_id: fc.oneof(fc.string(), fc.jsonValue()),
            quantity: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
          },
          { requiredKeys: [] },
        ),
        { maxLength: 110 },
      ),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: [] },
);

const anyEvent = fc.record({
  httpMethod: fc.constantFrom('POST', 'GET', 'DELETE', ''),
  resource: fc.constantFrom('/order', '/order/{order_id}', '/', ''),
  headers: anyHeaders,
  multiValueHeaders: fc.option(fc.dictionary(anyText, fc.array(anyText, { maxLength: 3 }))),
  pathParameters: fc.option(fc.dictionary(fc.constantFrom('order_id', 'x'), fc.oneof(anyText, fc.uuid()))),
  body: fc.option(
    fc.oneof(
      anyText,
      fc.json(),
      anyOrder.map((order) => JSON.stringify(order)),
    ),
  ),
  isBase64Encoded: fc.boolean(),
  requestContext: fc.constantFrom(undefined, {}, { requestId: 'request-1' }),
});

describe('the API, whatever it is sent', () => {
  it.each(['STANDARD', 'EXPRESS'] as const)(
    'answers as its contract says, never with a 5xx (%s)',
    async (type) => {
      // Prepare
      const { handler } = world(type);

      await fc.assert(
        fc.asyncProperty(anyEvent, async (event) => {
          // Act
          const answer = await handler(event as unknown as APIGatewayProxyEvent);

          // Assess
          expect([200, 400, 403, 404, 422]).toContain(answer.statusCode);
          expect(answer.headers?.['access-control-allow-origin']).toBe('*');
          expect(answer.headers?.['x-correlation-id']).toMatch(/^[\x21-\x7e]{1,128}$/);
          expect(bodyOf(answer)).toBeTypeOf('object');
        }),
        { numRuns: 5_000 },
      );
    },
    30_000,
  );
});

const requests = fc.record({
  key: fc.constantFrom('key-1', 'key-2', undefined),
  customer: fc.constantFrom('customer-1', 'customer-2'),
  quantity: fc.constantFrom(1, 2),
  correlation: fc.constantFrom('trace-1', 'trace-2', undefined),
  troubles: fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 3 }),
  /** Ends the executions that run, before this request. */
  executionsEnd: fc.boolean(),
});

describe('idempotency keys, whatever happens', () => {
  it('make one order of all requests with one key, and refuse another body', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(requests, { minLength: 2, maxLength: 10 }),
        async (scheduler, all) => {
          // Prepare
          let next: () => Trouble = () => 'none';
          const { handler, executions } = world('STANDARD', (ports) => ({
            ...ports,
            workflow: {
              ...troubled(ports.workflow, {
                pause: () => scheduler.schedule(Promise.resolve()),
                next: () => next(),
              }),
              executionArn: (orderId) => ports.workflow.executionArn(orderId),
            },
          }));

          // Act
          const answers = await scheduler.waitFor(
            Promise.all(
              all.map(async ({ key, customer, quantity, correlation, troubles, executionsEnd }) => {
                next = troublesOf(troubles);
                for (const execution of executions) {
                  execution.running = execution.running && !executionsEnd;
                }
                const answer = await handler(
                  post({
                    headers: {
                      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
                      ...(correlation === undefined ? {} : { 'X-Correlation-Id': correlation }),
                    },
                    body: { ...VALID_ORDER, customer_id: customer, items: [{ product_id: 'p', quantity }] },
                  }),
                );
                return { group: key === undefined ? undefined : `${customer} ${key}`, quantity, answer };
              }),
            ),
          );

          // Assess
          const inputs = executions.map(({ input }) => JSON.parse(input) as WorkflowInput);
          expect(new Set(inputs.map(({ order_id }) => order_id)).size).toBe(inputs.length);
          const keyed = answers.filter(({ group }) => group !== undefined);
          for (const group of new Set(keyed.map((one) => one.group))) {
            const ofGroup = keyed.filter((one) => one.group === group);
            const accepted = ofGroup.filter(({ answer }) => answer.statusCode === 200);
            expect(new Set(accepted.map(({ answer }) => answer.body)).size).toBeLessThanOrEqual(1);
            expect(new Set(accepted.map(({ quantity }) => quantity)).size).toBeLessThanOrEqual(1);
          }
          for (const { answer } of answers.filter(({ answer }) => answer.statusCode === 200)) {
            const input = inputs.find(({ order_id }) => order_id === bodyOf(answer)['order_id']);
            expect(answer.headers?.['x-correlation-id']).toBe(input?.correlation_id);
          }
          expect(
            answers.map(({ answer }) => answer.statusCode).filter((code) => ![200, 422, 500].includes(code)),
          ).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
