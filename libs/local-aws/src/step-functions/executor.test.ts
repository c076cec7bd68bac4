import { expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../service-call.ts';
import { EXECUTION_ARN, failingWith, invoke, stepFunctions } from './step-functions-fixture.ts';

it('names service and API action of a task in each event of its attempt, as Step Functions does', async () => {
  // Prepare
  const fixture = stepFunctions({
    startAt: 'Send',
    states: {
      Send: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage',
        Parameters: { QueueUrl: 'http://127.0.0.1/1/orders', MessageBody: 'x' },
        Next: 'Work',
      },
      Work: invoke(undefined),
    },
    dispatch: ({ service }) =>
      service === 'sqs' ? Promise.resolve({ MessageId: 'message-1' }) : failingWith('Error')(),
  });
  onTestFinished(() => fixture.service.close());

  // Act
  await fixture.start('one');
  await fixture.ended('one');
  const { events } = await fixture.send('GetExecutionHistory', { executionArn: `${EXECUTION_ARN}:one` });

  // Assess
  const details = (events as readonly JsonObject[]).flatMap((event) => {
    const [name] = Object.keys(event).filter((key) => key.startsWith('task'));
    return name === undefined ? [] : [{ name, ...(event[name] as JsonObject) }];
  });
  const sqs = { resourceType: 'sqs', resource: 'sendMessage' };
  const lambda = { resourceType: 'lambda', resource: 'invoke' };
  expect(details).toMatchObject([
    { name: 'taskScheduledEventDetails', ...sqs },
    { name: 'taskStartedEventDetails', ...sqs },
    { name: 'taskSucceededEventDetails', ...sqs },
    { name: 'taskScheduledEventDetails', ...lambda },
    { name: 'taskStartedEventDetails', ...lambda },
    { name: 'taskFailedEventDetails', ...lambda },
  ]);
});
