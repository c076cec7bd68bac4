/** The part of Amazon States Language (JSONPath) that our state machine uses, as types. */
export interface StateMachineDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

export type State = TaskState | ChoiceState | PassState | SucceedState | FailState;

interface Transition {
  readonly Next?: string;
  readonly End?: true;
}

export interface TaskState extends Transition {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, unknown>>;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retry[];
  readonly Catch?: readonly Catch[];
}

export interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
}

export interface Catch {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}

interface ChoiceState {
  readonly Type: 'Choice';
  readonly Choices: readonly Readonly<Record<string, unknown>>[];
  readonly Default: string;
}

interface PassState extends Transition {
  readonly Type: 'Pass';
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly ResultPath: string;
}

interface SucceedState {
  readonly Type: 'Succeed';
  readonly Comment?: string;
}

interface FailState {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}
