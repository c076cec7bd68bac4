import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  StartExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { FoundExecution, Start, Workflow } from './workflow.ts';

/**
 * The state machine in Step Functions. A call that is tried again does no harm: the name makes StartExecution
 * idempotent. Every function throws the SDK's service errors.
 */
export function stepFunctionsWorkflow(client: SFNClient, stateMachineArn: string): Workflow {
  const executionArn = (orderId: string) =>
    `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${orderId}`;
  return {
    executionArn,

    async start(input): Promise<Start> {
      try {
        const { executionArn: started } = await client.send(
          new StartExecutionCommand({ stateMachineArn, name: input.order_id, input: JSON.stringify(input) }),
        );
        return { kind: 'started', executionArn: started ?? executionArn(input.order_id) };
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) {
          return { kind: 'name-taken' };
        }
        throw error;
      }
    },

    async find(orderId): Promise<FoundExecution | undefined> {
      const arn = executionArn(orderId);
      try {
        const execution = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
        return {
          executionArn: execution.executionArn ?? arn,
          input: execution.input ?? '',
          running: execution.status === 'RUNNING',
        };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) {
          return undefined;
        }
        throw error;
      }
    },
  };
}
