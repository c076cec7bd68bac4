import { total, type UsageLine } from './usage.ts';

/** Where the workflow logs; its level depends on its type (apps/infra, modules/step-functions/state-machine.ts). */
const WORKFLOW_LOG = '/aws/vendedlogs/stepfunctions/';
/**
 * What an EXPRESS execution of the good path logs at level ALL, without its data: 21 events, measured 2026-11-26
 * on a local system of EXPRESS. A STANDARD one logs at level ERROR: nothing.
 */
const EXPRESS_LOG = { events: 21, bytes: 6_369 };

/**
 * The same use under the other workflow type: what it does stays, what Step Functions bills and logs changes. An
 * EXPRESS execution is taken to last `executionMs` in 64 MB, a STANDARD one to enter the states that were counted.
 */
export function underWorkflowType(
  lines: readonly UsageLine[],
  type: 'STANDARD' | 'EXPRESS',
  executionMs: number,
): UsageLine[] {
  if (isExpress(lines) === (type === 'EXPRESS')) {
    return [...lines];
  }
  return type === 'STANDARD' ? asStandard(lines) : asExpress(lines, executionMs);
}

function isExpress(lines: readonly UsageLine[]): boolean {
  return total(lines, 'executions') > 0;
}

function asStandard(lines: readonly UsageLine[]): UsageLine[] {
  return lines
    .filter((line) => !isWorkflowLog(line))
    .map((line) => (isState(line) ? { ...line, amounts: { transitions: line.count } } : line));
}

function asExpress(lines: readonly UsageLine[], executionMs: number): UsageLine[] {
  const EXPRESS_GB = 64 / 1024;
  const seconds = Math.ceil(executionMs / 100) / 10;
  const log = {
    service: 'logs',
    resource: `${WORKFLOW_LOG}EXPRESS`,
    operation: 'PutLogEvents',
    count: EXPRESS_LOG.events,
    amounts: { logBytes: EXPRESS_LOG.bytes },
  };
  const others = lines.filter((line) => !isWorkflowLog(line));
  return [
    ...others.map((line) => {
      if (!isState(line)) {
        return line;
      }
      const isExecution = line.operation === 'execution';
      const amounts = { executions: line.count, gbSeconds: line.count * EXPRESS_GB * seconds };
      return { ...line, amounts: isExecution ? amounts : {} };
    }),
    log,
  ];
}

function isWorkflowLog({ service, resource }: UsageLine): boolean {
  return service === 'logs' && resource.startsWith(WORKFLOW_LOG);
}

function isState({ service, resource }: UsageLine): boolean {
  return service === 'states' && resource !== 'API';
}
