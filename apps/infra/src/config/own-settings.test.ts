import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES } from './environment-names.ts';
import { ENVIRONMENTS } from './environments.ts';
import { PROJECT } from './project.ts';
import { environmentSettings, projectSettings } from './read-settings.ts';

/** The one test of what you put into `project.ts` and `environments.ts`: any settings will do that can be synthesized. */
describe('your own settings', () => {
  it.each(ENVIRONMENT_NAMES)('of %s can be synthesized', (environment) => {
    expect(environmentSettings(ENVIRONMENTS[environment], {})).toEqual(ENVIRONMENTS[environment]);
  });

  it('of the project can be synthesized', () => {
    expect(projectSettings(PROJECT, {})).toEqual(PROJECT);
  });
});
