import { describe, expect, it } from 'vitest';
import { misspeltVariables } from './misspelt-variables.ts';

describe('variables that begin with DOFS_', () => {
  it.each([
    ['DOFS_FULFILMENT_SUCCESS_RATE', 'DOFS_FULFILLMENT_SUCCESS_RATE'],
    ['DOFS_SUCCESS_RATE', 'DOFS_FULFILLMENT_SUCCESS_RATE'],
    ['DOFS_WORKFLOWTYPE', 'DOFS_WORKFLOW_TYPE'],
    ['DOFS_ENVIROMENT', 'DOFS_ENVIRONMENT'],
    ['DOFS_STATE_BACKENDS', 'DOFS_STATE_BACKEND'],
  ])('are refused when misspelt: %s, with the one that is meant', (variable, meant) => {
    expect(misspeltVariables({ [variable]: '1' })).toEqual([
      `${variable} is no setting: did you mean ${meant}? Correct it, or unset ${variable}`,
    ]);
  });

  it.each(['DOFS_WORKFLOW_TYPE', 'DOFS_PROJECT_NAME', 'DOFS_STATE_DIR', 'DOFS_STATE_NOTE', 'DOFS_API_KEY'])(
    'are taken when they are known: %s',
    (variable) => {
      expect(misspeltVariables({ [variable]: '1' })).toEqual([]);
    },
  );

  it.each(['DOFS_TEAM', 'DOFS_GRAFANA_DASHBOARD', 'DOFS_', 'MY_DOFS_WORKFLOW_TYP'])(
    'are let alone when they are somebody else’s: %s',
    (variable) => {
      expect(misspeltVariables({ [variable]: '1' })).toEqual([]);
    },
  );
});
