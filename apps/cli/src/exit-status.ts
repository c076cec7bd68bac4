import type { OperationErrorKind } from '@dofs/operations/operation-error';

/** What the shell is told. docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** What was asked ran, and its answer is no: a test failed, an order ended FAILED, an order wasn't redriven. */
  no: 1,
  usage: 2,
  notFound: 3,
  unreachable: 4,
  credentials: 5,
  throttled: 6,
  refused: 7,
  timeout: 8,
  service: 9,
  /** A bug of this program. */
  internal: 70,
  /** The output can't be written: a full disk. 74 as sysexits.h has it. */
  output: 74,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
  /** 128 + SIGPIPE, as shells have it: the reader of the output went away. */
  brokenPipe: 141,
} as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_OF_KIND: Readonly<Record<OperationErrorKind, ExitStatus>> = {
  'not-found': EXIT.notFound,
  unreachable: EXIT.unreachable,
  credentials: EXIT.credentials,
  throttled: EXIT.throttled,
  refused: EXIT.refused,
  timeout: EXIT.timeout,
  service: EXIT.service,
};
