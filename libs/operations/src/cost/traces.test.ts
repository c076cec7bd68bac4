import { describe, expect, it } from 'vitest';
import { rateForTracesCost, tracesCost } from './traces.ts';

describe('the traces of an order', () => {
  it.each([
    ['one order in ten seconds: all are recorded', 0.1, 10],
    ['one a second: all', 1, 10],
    ['a hundred a second: the first and 5 % of the others', 100, (10 * (1 + 0.05 * 99)) / 100],
  ])('cost most where orders are few: %s', (_, rate, dollarsAMillion) => {
    // Assess
    expect(tracesCost(rate) * 1e6).toBeCloseTo(dollarsAMillion, 9);
  });

  it('cost no more than an allowance from a rate on', () => {
    // Act
    const rate = rateForTracesCost(4e-6);

    // Assess
    expect(tracesCost(rate)).toBeCloseTo(4e-6, 12);
    expect(tracesCost(rate * 0.9)).toBeGreaterThan(4e-6);
  });

  it.each([
    ['an allowance for all', 10e-6, 0],
    ['one below the 5 %', 0.4e-6, Infinity],
    ['none', -1e-6, Infinity],
  ])('know %s', (_, allowance, rate) => {
    // Assess
    expect(rateForTracesCost(allowance)).toBe(rate);
  });
});
