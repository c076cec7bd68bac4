import { requiredSetting } from './environment.ts';

/** A variable of the environment has a value that the function can't work with. */
export class BadSettingError extends Error {
  override readonly name = 'BadSettingError';
  readonly setting: string;
  constructor(setting: string, value: string, expected: string) {
    super(`the environment variable ${setting} is ${value}, but must be ${expected}`);
    this.setting = setting;
  }
}

/**
 * A number from the environment.
 * @param range both ends inclusive
 * @throws MissingSettingError, BadSettingError
 */
export function numberSetting(
  environment: NodeJS.ProcessEnv,
  setting: string,
  range: { readonly min: number; readonly max: number },
): number {
  const text = requiredSetting(environment, setting);
  const value = Number(text);
  if (Number.isNaN(value) || value < range.min || value > range.max) {
    throw new BadSettingError(setting, text, `a number from ${range.min} to ${range.max}`);
  }
  return value;
}

/** @throws MissingSettingError, BadSettingError */
export function workflowTypeSetting(environment: NodeJS.ProcessEnv): 'STANDARD' | 'EXPRESS' {
  const text = requiredSetting(environment, 'WORKFLOW_TYPE');
  if (text !== 'STANDARD' && text !== 'EXPRESS') {
    throw new BadSettingError('WORKFLOW_TYPE', text, 'STANDARD or EXPRESS');
  }
  return text;
}
