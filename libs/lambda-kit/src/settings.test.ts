import { describe, expect, it } from 'vitest';
import { MissingSettingError, requiredSetting } from './environment.ts';
import { functionBasics } from './function-basics.ts';
import { BadSettingError, numberSetting, workflowTypeSetting } from './number-setting.ts';
import { isThrottle } from './throttling.ts';

const SHARE = { min: 0, max: 1 };

describe('settings from the environment', () => {
  it.each([undefined, ''])('are missing where the variable is %j', (value) => {
    // Act
    const read = () => requiredSetting({ ORDERS_TABLE_NAME: value }, 'ORDERS_TABLE_NAME');

    // Assess
    expect(read).toThrow(MissingSettingError);
    expect(read).toThrow('the environment variable ORDERS_TABLE_NAME is not set');
  });

  it.each([
    ['0', 0],
    ['1', 1],
    ['0.7', 0.7],
  ])('are numbers where they should be: %s', (text, expected) => {
    // Act
    const value = numberSetting({ RATE: text }, 'RATE', SHARE);

    // Assess
    expect(value).toBe(expected);
  });

  it.each(['1.5', '-1', 'most', 'NaN'])('are refused by name where they are no such number: %s', (text) => {
    // Act
    const read = () => numberSetting({ RATE: text }, 'RATE', SHARE);

    // Assess
    expect(read).toThrow(BadSettingError);
    expect(read).toThrow(`the environment variable RATE is ${text}, but must be a number from 0 to 1`);
  });

  it('name one of two workflow types', () => {
    // Act
    const read = (text: string) => () => workflowTypeSetting({ WORKFLOW_TYPE: text });

    // Assess
    expect(read('EXPRESS')()).toBe('EXPRESS');
    expect(read('STANDARD')()).toBe('STANDARD');
    expect(read('express')).toThrow(BadSettingError);
  });

  it('are asked for when the function starts', () => {
    // Act
    const start = () => functionBasics('validator', { LOG_LEVEL: 'INFO', METRICS_NAMESPACE: 'dofs' });

    // Assess
    expect(start).toThrow('ENVIRONMENT_NAME');
  });
});

describe('a throttle', () => {
  it.each([
    ['ThrottlingException', true],
    ['ProvisionedThroughputExceededException', true],
    ['AccessDeniedException', false],
  ])('is told by its name: %s', (name, expected) => {
    // Act
    const answer = isThrottle(Object.assign(new Error('no'), { name }));

    // Assess
    expect(answer).toBe(expected);
    expect(isThrottle(name)).toBe(false);
  });
});
