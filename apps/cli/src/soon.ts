import { OperationError } from '@dofs/operations/operation-error';

/**
 * What a look-up gives. Once the signal is aborted it has only so much time left: whoever pressed Ctrl-C wants to
 * see what is known by now.
 * @param graceMs milliseconds after the signal
 * @throws OperationError `timeout` when that time is over
 */
export function soonAfterStop<T>(stop: AbortSignal, graceMs: number, lookUp: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const giveUpLater = () => {
      timer = setTimeout(
        () => reject(new OperationError('timeout', 'stopped before it was known', 'run it again')),
        graceMs,
      );
    };
    if (stop.aborted) {
      giveUpLater();
    } else {
      stop.addEventListener('abort', giveUpLater, { once: true });
    }
    void lookUp.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      stop.removeEventListener('abort', giveUpLater);
    });
  });
}
