import type { JsonObject } from '../service-call.ts';
import type { StateMachineDescription } from '../stack-description.ts';
import { executionAmounts } from './execution-amounts.ts';
import { recent } from './recent.ts';
import type { FindSubjects } from './subjects.ts';
import type { Usage } from './usage.ts';

/** An event of an execution's history, as GetExecutionHistory has it. */
export type ExecutionEvent = (
  machine: Pick<StateMachineDescription, 'name' | 'type' | 'definition'>,
  executionArn: string,
  /** Epoch milliseconds. */
  startDate: number,
  event: JsonObject,
) => void;

/** Executions under way whose states are remembered. */
const REMEMBERED_EXECUTIONS = 10_000;

interface Course {
  /** The state that was entered last, until its task is scheduled: a second time, that is a retry. */
  state: string;
  isScheduled: boolean;
  mostDataBytes: number;
}

/**
 * Meters executions by their history: every state entered, every retry, and the start as one transition more, the
 * cautious reading of AWS's words. Tasks within Map and Parallel states count by their history too, but a task that
 * is scheduled while another one's state was entered last counts as that one's retry.
 */
export function meteredExecutions(usage: Usage, find: FindSubjects): ExecutionEvent {
  const courses = recent<Course>(REMEMBERED_EXECUTIONS);
  return ({ name: resource, type, definition }, executionArn, startDate, event) => {
    const kind = String(event['type']);
    const transition = (operation: string) => {
      const amounts = type === 'STANDARD' ? { transitions: 1 } : {};
      usage.add({ service: 'states', resource, operation, count: 1, amounts }, find(executionArn));
    };
    if (kind.endsWith('StateEntered')) {
      const { name, input } = event['stateEnteredEventDetails'] as { name: string; input: string };
      const mostDataBytes = Math.max(input.length, courses.get(executionArn)?.mostDataBytes ?? 0);
      courses.set(executionArn, { state: name, isScheduled: false, mostDataBytes });
      transition(name);
    } else if (kind === 'TaskScheduled') {
      const course = courses.get(executionArn);
      if (course?.isScheduled === true) {
        transition(course.state);
      } else if (course !== undefined) {
        course.isScheduled = true;
      }
    } else if (kind === 'ExecutionStarted' && type === 'STANDARD') {
      transition('execution');
    } else if (/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(kind)) {
      if (type === 'EXPRESS') {
        const durationMs = Math.round(Number(event['timestamp']) * 1000) - startDate;
        const dataBytes = definition.length + (courses.get(executionArn)?.mostDataBytes ?? 0);
        const amounts = executionAmounts({ durationMs, dataBytes });
        usage.add(
          { service: 'states', resource, operation: 'execution', count: 1, amounts },
          find(executionArn),
        );
      }
      courses.delete(executionArn);
    }
  };
}
