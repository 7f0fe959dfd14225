import { describe, expect, it } from 'vitest';
import { reportFigure } from '../../../laptop/start/report-lines.ts';

describe('figure', () => {
  it.each([
    [0, '0'],
    [0.684_321, '0.6843'],
    [0.000_04, '0.0000'],
    [1, '1.000'],
    [-0.5, '-0.5000'],
    [12.3456, '12.35'],
    [1234.56, '1235'],
    [123_456.7, '123457'],
  ])('of %d is %s', (value, expected) => {
    expect(reportFigure(value)).toBe(expected);
  });
});
