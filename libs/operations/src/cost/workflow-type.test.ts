import { describe, expect, it } from 'vitest';
import { originalDesign } from './original-design.ts';
import { usageLine as line } from '../testing/usage-line.ts';
import { total } from './usage.ts';
import { underWorkflowType } from './workflow-type.ts';

const WORKFLOW_LOG = '/aws/vendedlogs/stepfunctions/dofs-dev-order-processing';
const FUNCTION_LOG = line('logs', '/aws/lambda/dofs-dev-validator', 'PutLogEvents', { logBytes: 500 });
const STANDARD = [
  line('states', 'API', 'StartExecution', {}),
  line('states', 'order-processing', 'StoreOrder', { transitions: 1 }),
  line('states', 'order-processing', 'execution', { transitions: 1 }),
  FUNCTION_LOG,
];
const EXPRESS = [
  line('states', 'API', 'StartExecution', {}),
  line('states', 'order-processing', 'StoreOrder', {}),
  line('states', 'order-processing', 'execution', { executions: 1, gbSeconds: 0.0125 }),
  FUNCTION_LOG,
  line('logs', WORKFLOW_LOG, 'PutLogEvents', { logBytes: 6_369 }),
];

describe('a use under the other workflow type', () => {
  it('has the log of an EXPRESS execution where it was STANDARD', () => {
    // Act
    const express = underWorkflowType(STANDARD, 'EXPRESS', 200);

    // Assess
    expect(total(express, 'logBytes')).toBe(500 + 6_369);
    expect(total(express, 'executions')).toBe(1);
    expect(total(express, 'gbSeconds', 'states')).toBe(0.0125);
    expect(total(express, 'transitions')).toBe(0);
  });

  it('has no log of its execution where it was EXPRESS', () => {
    // Act
    const standard = underWorkflowType(EXPRESS, 'STANDARD', 200);

    // Assess
    expect(standard).toEqual(STANDARD);
  });

  it('is the same under its own type', () => {
    // Assess
    expect(underWorkflowType(EXPRESS, 'EXPRESS', 900)).toEqual(EXPRESS);
    expect(underWorkflowType(STANDARD, 'STANDARD', 900)).toEqual(STANDARD);
  });

  it('leads to the same original design from either', () => {
    // Act
    const [fromStandard, fromExpress] = [STANDARD, EXPRESS].map((usage) =>
      originalDesign(usage, 'FULFILLED'),
    );

    // Assess
    expect(fromExpress).toEqual(fromStandard);
    expect(total(fromExpress ?? [], 'logBytes')).toBe(500);
  });
});
