import {
  AwsError,
  type Dispatch,
  type Interceptor,
  type JsonObject,
  type Principal,
  type ServiceCall,
} from '../service-call.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { FaultRule } from './fault-rules.ts';

export interface FaultPorts {
  /** Ends the function instance that makes the call, as an out-of-memory kill would. */
  readonly killCaller: (principal: Principal) => Promise<void>;
  /** Told of every fault as it is injected. */
  readonly injected: (rule: FaultRule, subject: string, call: ServiceCall) => void;
  readonly delay: (ms: number) => Promise<void>;
}

/** The error with which each service refuses a caller that is too fast. */
const THROTTLING: Partial<Record<ServiceCall['service'], string>> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  sqs: 'RequestThrottled',
  states: 'ThrottlingException',
  logs: 'ThrottlingException',
  lambda: 'TooManyRequestsException',
};

/** Injects the plan's faults into the calls of functions and engines. An operator's own calls are left alone. */
export function faultInterceptor(plan: FaultPlan, ports: FaultPorts): Interceptor {
  return async (call, next) => {
    if (call.principal.kind === 'operator') {
      return next(call);
    }
    if (call.operation === 'ReceiveMessage') {
      return received(plan, ports, call, next);
    }
    const hit = plan(call, JSON.stringify(call.input));
    if (hit === undefined) {
      return next(call);
    }
    ports.injected(hit.rule, hit.subject, call);
    return withFault(hit.rule, call, next, ports);
  };
}

async function withFault(
  rule: FaultRule,
  call: ServiceCall,
  next: Dispatch,
  ports: FaultPorts,
): Promise<JsonObject> {
  switch (rule.fault) {
    case 'throttle':
      throw new AwsError(THROTTLING[call.service] ?? 'ThrottlingException', `injected fault: ${rule.name}`);
    case 'error':
      throw new AwsError(rule.code ?? 'InternalServerError', `injected fault: ${rule.name}`);
    case 'slow':
      await ports.delay(rule.delayMs ?? 0);
      return next(call);
    case 'lost-answer':
      await next(call);
      throw new AwsError('InternalServerError', `injected fault: ${rule.name}`, 500);
    case 'kill-before':
      await ports.killCaller(call.principal);
      throw new AwsError('InternalServerError', `injected fault: ${rule.name}`, 500);
    case 'kill-after':
      await next(call);
      await ports.killCaller(call.principal);
      throw new AwsError('InternalServerError', `injected fault: ${rule.name}`, 500);
    case 'duplicate-delivery':
      return next(call);
  }
}

/** The faults of a receive follow from the messages that it brought, so they are drawn message by message. */
async function received(
  plan: FaultPlan,
  ports: FaultPorts,
  call: ServiceCall,
  next: Dispatch,
): Promise<JsonObject> {
  const answer = await next(call);
  const messages = (answer['Messages'] ?? []) as readonly { Body: string; ReceiptHandle: string }[];
  for (const message of messages) {
    const hit = plan(call, message.Body);
    if (hit?.rule.fault === 'duplicate-delivery') {
      ports.injected(hit.rule, hit.subject, call);
      await next({
        ...call,
        operation: 'ChangeMessageVisibility',
        input: {
          QueueUrl: call.input['QueueUrl'],
          ReceiptHandle: message.ReceiptHandle,
          VisibilityTimeout: 0,
        },
      });
    }
  }
  return answer;
}
