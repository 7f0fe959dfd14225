import { describe, expect, it } from 'vitest';
import { latestDue, nextOccurrence } from '../../../services/scheduler/timing.ts';

const at = (text: string) => Date.parse(`2026-03-01T${text}Z`);
const schedule = (settings: object = {}) => ({
  createdAt: at('00:00:00'),
  settings: {
    ScheduleExpression: 'cron(0 * * * ? *)',
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED' as const,
    StartDate: undefined,
    EndDate: undefined,
    ...settings,
  },
});

describe('the next occurrence', () => {
  it.each([
    ['is the first from the moment on', {}, '10:00:00'],
    ['is not before the start date', { StartDate: at('11:30:00') / 1000 }, '12:00:00'],
    ['may be the end date itself', { EndDate: at('10:00:00') / 1000 }, '10:00:00'],
  ])('%s', (_title, settings, expected) => {
    expect(nextOccurrence(schedule(settings), at('09:30:00'))).toBe(at(expected));
  });

  it.each([
    ['after the end date', { EndDate: at('09:45:00') / 1000 }],
    ['of a schedule that is disabled', { State: 'DISABLED' as const }],
  ])('%s there is none', (_title, settings) => {
    expect(nextOccurrence(schedule(settings), at('09:30:00'))).toBeUndefined();
  });
});

describe('what is made good after a night', () => {
  it.each([
    ['the last occurrence', {}, '02:00:00', '08:10:00', '08:00:00'],
    ['the only one', {}, '08:00:00', '08:10:00', '08:00:00'],
    ['the last before the end date', { EndDate: at('05:00:00') / 1000 }, '02:00:00', '08:10:00', '05:00:00'],
    [
      'the one of a one-time schedule',
      { ScheduleExpression: 'at(2026-03-01T02:00:00)' },
      '02:00:00',
      '08:10:00',
      '02:00:00',
    ],
  ])('is %s', (_title, settings, first, now, expected) => {
    expect(latestDue(schedule(settings), at(first), at(now))).toBe(at(expected));
  });
});
