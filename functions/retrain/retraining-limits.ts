import type { Retraining } from '../definition/retraining.schema.ts';
import type { RetrainingRecord, RunRecord } from '../registry/records.schema.ts';

const hourMilliseconds = 3_600_000;
const dayMilliseconds = 24 * hourMilliseconds;
const minuteSeconds = 60;

/** When each retraining of a model was begun. */
type Begun = Pick<RetrainingRecord, 'startedAt'>;
/** What each run of a model took. */
export type SpentRun = Pick<RunRecord, 'status' | 'startedAt' | 'endedAt' | 'billedSeconds'>;

/** A limit that holds a retraining back. */
export interface Limit {
  readonly reason: 'cooldown' | 'daily-cap' | 'monthly-budget';
  readonly message: string;
}

/** The limits that stand against a retraining at `now`, or `undefined`. A person is held back by none of them. */
export function limitAgainst(
  settings: Retraining,
  timeLimitMinutes: number,
  retrainings: readonly Begun[],
  runs: readonly SpentRun[],
  now: Date,
): Limit | undefined {
  return (
    cooldown(settings, retrainings, now) ??
    dailyCap(settings, retrainings, now) ??
    monthlyBudget(settings, timeLimitMinutes, runs, now)
  );
}

function cooldown(
  { cooldownHours }: Retraining,
  retrainings: readonly Begun[],
  now: Date,
): Limit | undefined {
  const latest = Math.max(...retrainings.map(({ startedAt }) => Date.parse(startedAt)));
  const until = latest + cooldownHours * hourMilliseconds;
  if (retrainings.length === 0 || until <= now.getTime()) return undefined;
  return {
    reason: 'cooldown',
    message: `The last retraining began ${iso(latest)}, and \`retraining.cooldownHours\` is ${cooldownHours}: the next may begin ${iso(until)}.`,
  };
}

function dailyCap(
  { maximumPerDay }: Retraining,
  retrainings: readonly Begun[],
  now: Date,
): Limit | undefined {
  const since = now.getTime() - dayMilliseconds;
  const begun = retrainings.filter(({ startedAt }) => Date.parse(startedAt) > since).length;
  if (begun < maximumPerDay) return undefined;
  return {
    reason: 'daily-cap',
    message: `${begun} ${begun === 1 ? 'retraining has' : 'retrainings have'} begun in the last 24 hours; \`retraining.maximumPerDay\` is ${maximumPerDay}.`,
  };
}

/** A training may take as long as its time limit allows, so that much must be left: the budget is never exceeded. */
function monthlyBudget(
  { monthlyTrainingMinutes }: Retraining,
  timeLimitMinutes: number,
  runs: readonly SpentRun[],
  now: Date,
): Limit | undefined {
  const spent = Math.ceil(secondsThisMonth(runs, now) / minuteSeconds);
  if (spent + timeLimitMinutes <= monthlyTrainingMinutes) return undefined;
  return {
    reason: 'monthly-budget',
    message: `Training has taken ${spent} minutes this month and may take ${timeLimitMinutes} more (\`training.timeLimitMinutes\`); \`retraining.monthlyTrainingMinutes\` is ${monthlyTrainingMinutes}.`,
  };
}

/**
 * Billed seconds of the runs that began in the calendar month of `now` (UTC), whatever led to them. A run of which SageMaker's bill
 * is not known, as it failed or still trains, counts with the time it took: never less than was billed on one instance.
 */
export function secondsThisMonth(runs: readonly SpentRun[], now: Date): number {
  const month = now.toISOString().slice(0, 7);
  return runs
    .filter(({ startedAt }) => startedAt.slice(0, 7) === month)
    .reduce((sum, run) => sum + (run.billedSeconds ?? elapsedSeconds(run, now)), 0);
}

function elapsedSeconds({ startedAt, endedAt }: SpentRun, now: Date): number {
  const end = endedAt === null ? now.getTime() : Date.parse(endedAt);
  return Math.max(0, end - Date.parse(startedAt)) / 1000;
}

/** For the daily schedule: when the next training is due, if `everyDays` have not passed since one that made a version, or goes on. */
export function notDue({ everyDays }: Retraining, runs: readonly SpentRun[], now: Date): string | undefined {
  const trained = runs.filter(({ status }) => status === 'registered' || status === 'running');
  const latest = Math.max(...trained.map(({ startedAt }) => Date.parse(startedAt)));
  const due = latest + everyDays * dayMilliseconds;
  if (trained.length === 0 || due <= now.getTime()) return undefined;
  return `The last training began ${iso(latest)}; the next is due ${iso(due)} (\`retraining.everyDays: ${everyDays}\`).`;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
