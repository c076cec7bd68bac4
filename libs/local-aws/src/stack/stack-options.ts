import type { Clock } from '../clock.ts';
import type { Interceptor } from '../service-call.ts';

export interface StackOptions {
  /** Where everything is kept across restarts; absent: in memory, gone at the end. */
  readonly dataDir?: string;
  /** A folder for what a run needs and nobody keeps: unpacked bundles. The run's alone. */
  readonly workDir: string;
  /** 0 takes a free one. */
  readonly apiPort: number;
  /** 0 takes a free one. */
  readonly awsPort: number;
  readonly clock?: Clock;
  /** What else every call passes, after its policy check: injected faults, a meter. */
  readonly interceptors?: (tools: InterceptorTools) => readonly Interceptor[];
  /** Count what AWS would bill, per run and per subject: what this regular expression finds in requests. */
  readonly meterSubject?: string;
  /** Told of what went wrong behind the scenes; by default a JSON line on stderr. */
  readonly onProblem?: (problem: StackProblem) => void;
}

export interface InterceptorTools {
  /** Ends one instance of a function at once. */
  readonly kill: (instance: string) => Promise<void>;
}

export interface StackProblem {
  /** The engine: `event-source-mapping`, `api`, ... */
  readonly source: string;
  readonly detail: string;
}
