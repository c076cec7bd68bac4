import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import { OperationError } from './operation-error.ts';
import type { Target } from './target.ts';

/** The variable of fulfill-order that holds the share of orders to fulfil, 0 to 1. */
const SETTING = 'FULFILLMENT_SUCCESS_RATE';

/**
 * The success rate that the running fulfilment function is set to.
 * @throws OperationError where it can't be read
 */
export async function configuredSuccessRate(target: Target): Promise<number> {
  const client = new LambdaClient(clientConfig(target));
  const name = `${target.names.prefix}-fulfill-order`;
  try {
    const { Environment } = await withAwsErrors(target, () =>
      client.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    );
    const text = Environment?.Variables?.[SETTING];
    const rate = Number(text);
    if (text === undefined || !(rate >= 0 && rate <= 1)) {
      throw new OperationError('service', `${name} has no ${SETTING}`, 'pass --success-rate');
    }
    return rate;
  } finally {
    client.destroy();
  }
}
