import type { Clock } from '../clock.ts';
import type { JsonObject } from '../service-call.ts';
import type { HistoryEvent } from './execution-store.ts';

/** The kinds of states as the history names them: `TaskStateEntered`. */
const STATE_EVENTS: Readonly<Record<string, string>> = { Succeed: 'SucceedState', Fail: 'FailState' };

/** Collects the events of one execution, in the shape of GetExecutionHistory. */
export interface HistoryRecorder {
  record(type: string, detailsName?: string, details?: JsonObject): void;
  entered(stateType: string, name: string, input: string): void;
  exited(stateType: string, name: string, output: string): void;
  /** The events since the last time. */
  take(): readonly HistoryEvent[];
}

/** @param lastId of the last event that is stored */
export function createHistory(
  lastId: number,
  clock: Clock,
  onEvent: (event: HistoryEvent) => void,
): HistoryRecorder {
  let id = lastId;
  let events: HistoryEvent[] = [];
  const record: HistoryRecorder['record'] = (type, detailsName, details) => {
    const event: HistoryEvent = {
      timestamp: clock() / 1000,
      type,
      id: id + 1,
      previousEventId: id,
      ...(detailsName === undefined ? {} : { [detailsName]: details ?? {} }),
    };
    id += 1;
    events.push(event);
    onEvent(event);
  };
  return {
    record,
    entered(stateType, name, input) {
      record(`${stateEvent(stateType)}Entered`, 'stateEnteredEventDetails', {
        name,
        input,
        inputDetails: { truncated: false },
      });
    },
    exited(stateType, name, output) {
      record(`${stateEvent(stateType)}Exited`, 'stateExitedEventDetails', {
        name,
        output,
        outputDetails: { truncated: false },
      });
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
  };
}

function stateEvent(stateType: string): string {
  return STATE_EVENTS[stateType] ?? `${stateType}State`;
}
