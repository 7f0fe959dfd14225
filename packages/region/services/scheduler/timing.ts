import { AwsError, unsupported } from '../../aws-error.ts';
import { InvalidExpressionError, UnsupportedExpressionError } from './expression/expression-error.ts';
import type { Occurrences } from './expression/occurrences.ts';
import { occurrencesOf } from './expression/schedule-expression.ts';
import type { Schedule, ScheduleInput } from './schedule.schema.ts';

type Timed = Pick<Schedule, 'createdAt'> & {
  readonly settings: Pick<
    ScheduleInput,
    'ScheduleExpression' | 'ScheduleExpressionTimezone' | 'StartDate' | 'EndDate' | 'State'
  >;
};

/** @throws AwsError for an expression or a time zone that is wrong or not served */
export function scheduleOccurrences({ settings, createdAt }: Timed): Occurrences {
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate } = settings;
  if (!['UTC', 'Etc/UTC'].includes(ScheduleExpressionTimezone)) {
    throw unsupported(`scheduler time zones other than UTC (${ScheduleExpressionTimezone})`);
  }
  try {
    return occurrencesOf(ScheduleExpression, StartDate === undefined ? createdAt : StartDate * 1000);
  } catch (error) {
    if (error instanceof InvalidExpressionError) {
      throw new AwsError('ValidationException', `Invalid Schedule Expression: ${error.message}.`);
    }
    if (error instanceof UnsupportedExpressionError) throw unsupported(error.message);
    throw error;
  }
}

/** When a schedule is due from a moment on: within its dates, and only while it is enabled. */
export function nextOccurrence(schedule: Timed, from: number): number | undefined {
  const { State, StartDate, EndDate } = schedule.settings;
  if (State === 'DISABLED') return undefined;
  const begin = StartDate === undefined ? from : Math.max(from, StartDate * 1000);
  const next = scheduleOccurrences(schedule).from(begin);
  const isOver = next !== undefined && EndDate !== undefined && next > EndDate * 1000;
  return isOver ? undefined : next;
}

/**
 * Of the occurrences from `first` to `now`, the last: what a region that did not run makes good. A laptop that was closed for a
 * night owes one run, not eight.
 */
export function latestDue(schedule: Timed, first: number, now: number): number {
  for (let latest = first; ; ) {
    const next = nextOccurrence(schedule, latest + 1);
    if (next === undefined || next > now) return latest;
    latest = next;
  }
}
