import { AwsError, intercepted, type Dispatch, type Interceptor, type Service } from './service-call.ts';

/**
 * The one way of every call: through the interceptors (the first one outermost), then to its service.
 * @throws AwsError UnknownOperationException for a service that the stack doesn't run
 */
export function createDispatch(services: readonly Service[], interceptors: readonly Interceptor[]): Dispatch {
  const byName = new Map(services.map((service) => [service.name, service]));
  return intercepted((call) => {
    const service = byName.get(call.service);
    if (service === undefined) {
      return Promise.reject(unknownOperation(call.service, call.operation));
    }
    return service.call(call);
  }, interceptors);
}

/** What a service answers to an operation that it doesn't offer here. */
export function unknownOperation(service: string, operation: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `${service}:${operation} is not an operation of the local AWS endpoint`,
  );
}
