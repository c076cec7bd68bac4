import {
  AwsError,
  type Dispatch,
  type Interceptor,
  type JsonObject,
  type Principal,
  type ServiceCall,
} from '../service-call.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Fault, FaultRule } from './fault-rules.ts';

export interface FaultPorts {
  /** Ends a function's instance, as an out-of-memory kill would. */
  readonly kill: (instance: string) => Promise<void>;
  /** Told of every fault as it is injected. */
  readonly injected: (rule: FaultRule, subject: string, call: ServiceCall) => void;
  /** Resolves at the latest when the signal is aborted. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when the stack closes: what is delayed then is refused. */
  readonly closing: AbortSignal;
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
    const isReceive = call.operation === 'ReceiveMessage';
    const onward: Dispatch = isReceive ? (asked) => received(plan, ports, asked, next) : next;
    const about = {
      text: JSON.stringify(call.input),
      ...(isReceive ? { otherwise: queueName(call) } : {}),
    };
    const hit = plan(call, about, ({ fault }) => isOfCalls(fault, call.principal));
    if (hit === undefined) {
      return onward(call);
    }
    ports.injected(hit.rule, hit.subject, call);
    return withFault(hit.rule, call, onward, ports);
  };
}

function queueName({ input }: ServiceCall): string {
  return String(input['QueueUrl']).split('/').at(-1) ?? 'queue';
}

/** A fault of a whole call: only an instance can be killed, and deliveries are doubled message by message. */
function isOfCalls(fault: Fault, principal: Principal): boolean {
  const isKill = fault === 'kill-before' || fault === 'kill-after';
  return fault !== 'duplicate-delivery' && (!isKill || instanceOf(principal) !== undefined);
}

function instanceOf(principal: Principal): string | undefined {
  return principal.kind === 'role' ? principal.instance : undefined;
}

async function killCaller({ principal }: ServiceCall, { kill }: FaultPorts): Promise<void> {
  const instance = instanceOf(principal);
  if (instance !== undefined) {
    await kill(instance);
  }
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
      await ports.delay(rule.delayMs ?? 0, ports.closing);
      if (ports.closing.aborted) {
        throw new AwsError('ServiceUnavailable', 'the local system is stopping', 503);
      }
      return next(call);
    case 'lost-answer':
      await next(call);
      throw new AwsError('InternalServerError', `injected fault: ${rule.name}`, 500);
    case 'kill-before':
      await killCaller(call, ports);
      throw new AwsError('InternalServerError', `injected fault: ${rule.name}`, 500);
    case 'kill-after':
      await next(call);
      await killCaller(call, ports);
      throw new AwsError('InternalServerError', `injected fault: ${rule.name}`, 500);
    case 'duplicate-delivery':
      return next(call);
  }
}

/** Doubled deliveries follow from the messages that a receive brought, so they are drawn message by message. */
async function received(
  plan: FaultPlan,
  ports: FaultPorts,
  call: ServiceCall,
  next: Dispatch,
): Promise<JsonObject> {
  const answer = await next(call);
  const messages = (answer['Messages'] ?? []) as readonly { Body: string; ReceiptHandle: string }[];
  for (const message of messages) {
    const hit = plan(call, { text: message.Body }, ({ fault }) => fault === 'duplicate-delivery');
    if (hit !== undefined) {
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
