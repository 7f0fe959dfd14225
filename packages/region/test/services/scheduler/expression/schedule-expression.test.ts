import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occurrencesOf } from '../../../../services/scheduler/expression/schedule-expression.ts';

const at = (text: string) => Date.parse(text);
const anchor = at('2026-02-27T10:30:15.250Z');
const next = (expression: string, from: string) => {
  const found = occurrencesOf(expression, anchor).from(at(from));
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 19);
};

describe('an expression is next due', () => {
  it.each([
    ['rate(1 hour)', '2026-02-27T10:30:15Z', '2026-02-27T10:30:15'],
    ['rate(1 hour)', '2026-02-27T10:30:16Z', '2026-02-27T11:30:15'],
    ['rate(5 minutes)', '2026-02-27T11:00:00Z', '2026-02-27T11:00:15'],
    ['rate(2 days)', '2026-03-02T00:00:00Z', '2026-03-03T10:30:15'],
    ['rate(1 hour)', '2020-01-01T00:00:00Z', '2026-02-27T10:30:15'],
    ['at(2026-03-01T14:00:00)', '2026-02-27T00:00:00Z', '2026-03-01T14:00:00'],
    ['at(2026-03-01T14:00:00)', '2026-03-01T14:00:00Z', '2026-03-01T14:00:00'],
    ['at(2026-03-01T14:00:00)', '2026-03-01T14:00:01Z', undefined],
    ['cron(0 * * * ? *)', '2026-02-27T10:30:00Z', '2026-02-27T11:00:00'],
    ['cron(0 * * * ? *)', '2026-02-27T11:00:00Z', '2026-02-27T11:00:00'],
    ['cron(0 * * * ? *)', '2026-12-31T23:00:01Z', '2027-01-01T00:00:00'],
    ['cron(15 10 ? * MON-FRI *)', '2026-02-27T10:16:00Z', '2026-03-02T10:15:00'],
    ['cron(15 10 ? * 2-6 *)', '2026-02-27T10:16:00Z', '2026-03-02T10:15:00'],
    ['cron(0 0 1 JAN ? *)', '2026-02-27T00:00:00Z', '2027-01-01T00:00:00'],
    ['cron(0 0 29 2 ? *)', '2026-02-27T00:00:00Z', '2028-02-29T00:00:00'],
    ['cron(0/15 8-9 * * ? *)', '2026-02-27T08:46:00Z', '2026-02-27T09:00:00'],
    ['cron(30/10 * * * ? *)', '2026-02-27T08:51:00Z', '2026-02-27T09:30:00'],
    ['cron(0 6,18 * * ? 2026-2027)', '2027-12-31T18:00:01Z', undefined],
    ['cron(0 0 31 6 ? *)', '2026-01-01T00:00:00Z', undefined],
  ])('%s from %s: %s', (expression, from, expected) => {
    expect(next(expression, from)).toBe(expected);
  });
});

describe('an expression is refused', () => {
  it.each([
    ['every hour', /none of rate/],
    ['rate(0 hours)', /above 0/],
    ['rate(1 week)', /minutes, hours or days/],
    ['at(2026-03-01)', /yyyy-mm-dd/],
    ['at(2026-13-01T00:00:00)', /yyyy-mm-dd/],
    ['cron(0 * * * *)', /six fields/],
    ['cron(0 * * * * *)', /'\?'/],
    ['cron(0 * ? * ? *)', /'\?'/],
    ['cron(60 * * * ? *)', /'60' is no value of the field minutes/],
    ['cron(0 9-5 * * ? *)', /'9-5' is no value of the field hours/],
    ['cron(0 1- * * ? *)', /'1-' is no value/],
    ['cron(0/0 * * * ? *)', /step/],
    ['cron(0 0 ? * SUN-XYZ *)', /day-of-week/],
    ['cron(0 0 L * ? *)', /L, W and #/],
    ['cron(0 0 ? * 6#3 *)', /L, W and #/],
  ])('%s', (expression, message) => {
    expect(() => occurrencesOf(expression, anchor)).toThrow(message);
  });
});

describe('occurrences', () => {
  const expressions = fc.constantFrom(
    'rate(7 minutes)',
    'rate(1 day)',
    'cron(*/5 * * * ? *)',
    'cron(17 3,15 ? * SAT,SUN *)',
    'cron(0 12 13 * ? *)',
  );
  const moments = fc.integer({ min: at('2026-03-01'), max: at('2030-01-01') });

  it('come never before the moment that is asked for', () => {
    fc.assert(
      fc.property(expressions, moments, (expression, moment) => {
        expect(occurrencesOf(expression, anchor).from(moment)).toBeGreaterThanOrEqual(moment);
      }),
    );
  });

  it('are the same from every moment between two of them', () => {
    fc.assert(
      fc.property(
        expressions,
        moments,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (expression, moment, part) => {
          const { from } = occurrencesOf(expression, anchor);
          const first = from(moment) ?? 0;
          const second = from(first + 1) ?? 0;

          expect(from(Math.ceil(first + 1 + (second - first - 1) * part))).toBe(second);
        },
      ),
    );
  });
});
