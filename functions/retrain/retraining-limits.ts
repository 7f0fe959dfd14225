import type { RetrainingSettings } from '@tidemark/domain/definition/retraining-settings.schema.ts';
import type { RetrainingRecord, RunRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { Clocks } from '@tidemark/domain/registry/windows-clock.ts';
import { counted } from '@tidemark/statistics/sentence.ts';

const hourMilliseconds = 3_600_000;
const dayMilliseconds = 24 * hourMilliseconds;
const minuteSeconds = 60;

/** When a retraining of a model was begun, by the clock of its windows. */
export type Begun = Pick<RetrainingRecord, 'askedAt'>;
/** What each run of a model took. */
export type SpentRun = Pick<RunRecord, 'status' | 'startedAt' | 'askedAt' | 'endedAt' | 'billedSeconds'>;

/** A limit that holds a retraining back. */
export interface Limit {
  readonly reason: 'cooldown' | 'daily-cap' | 'monthly-budget';
  readonly message: string;
}

/**
 * The limits that stand against a retraining now, or `undefined`. A person is held back by none of them. Hours, days and months are those of
 * the model's windows; only the minutes that a training takes are the wall's.
 */
export function limitAgainst(
  settings: RetrainingSettings,
  timeLimitMinutes: number,
  retrainings: readonly Begun[],
  runs: readonly SpentRun[],
  clocks: Clocks,
): Limit | undefined {
  return (
    cooldown(settings, retrainings, clocks.windows) ??
    dailyCap(settings, retrainings, clocks.windows) ??
    monthlyBudget(settings, timeLimitMinutes, runs, clocks)
  );
}

function cooldown(
  { cooldownHours }: RetrainingSettings,
  retrainings: readonly Begun[],
  now: Date,
): Limit | undefined {
  const latest = Math.max(...retrainings.map(({ askedAt }) => Date.parse(askedAt)));
  const until = latest + cooldownHours * hourMilliseconds;
  if (retrainings.length === 0 || until <= now.getTime()) return undefined;
  return {
    reason: 'cooldown',
    message: `The last retraining began ${iso(latest)}, and \`retraining.cooldownHours\` is ${cooldownHours}: the next may begin ${iso(until)}.`,
  };
}

function dailyCap(
  { maximumPerDay }: RetrainingSettings,
  retrainings: readonly Begun[],
  now: Date,
): Limit | undefined {
  const since = now.getTime() - dayMilliseconds;
  const begun = retrainings.filter(({ askedAt }) => Date.parse(askedAt) > since).length;
  if (begun < maximumPerDay) return undefined;
  return {
    reason: 'daily-cap',
    message: `${begun} ${begun === 1 ? 'retraining has' : 'retrainings have'} begun in the last 24 hours; \`retraining.maximumPerDay\` is ${maximumPerDay}.`,
  };
}

/** A training may take as long as its time limit allows, so that much must be left: the budget is never exceeded. */
function monthlyBudget(
  { monthlyTrainingMinutes }: RetrainingSettings,
  timeLimitMinutes: number,
  runs: readonly SpentRun[],
  clocks: Clocks,
): Limit | undefined {
  const spent = Math.ceil(secondsThisMonth(runs, clocks) / minuteSeconds);
  if (spent + timeLimitMinutes <= monthlyTrainingMinutes) return undefined;
  return {
    reason: 'monthly-budget',
    message: `Training has taken ${counted(spent, 'minute')} this month and may take ${timeLimitMinutes} more (\`training.timeLimitMinutes\`); \`retraining.monthlyTrainingMinutes\` is ${monthlyTrainingMinutes}.`,
  };
}

/**
 * Billed seconds of the runs that began in this calendar month (UTC), whatever led to them. A run of which SageMaker's bill
 * is not known, as it failed or still trains, counts with the time it took: never less than was billed on one instance.
 */
export function secondsThisMonth(runs: readonly SpentRun[], { wall, windows }: Clocks): number {
  const month = windows.toISOString().slice(0, 7);
  return runs
    .filter(({ askedAt }) => askedAt.slice(0, 7) === month)
    .reduce((sum, run) => sum + (run.billedSeconds ?? elapsedSeconds(run, wall)), 0);
}

function elapsedSeconds({ startedAt, endedAt }: SpentRun, now: Date): number {
  const end = endedAt === null ? now.getTime() : Date.parse(endedAt);
  return Math.max(0, end - Date.parse(startedAt)) / 1000;
}

/** For the daily schedule: when the next training is due, if `everyDays` have not passed since one that made a version, or still runs. */
export function notDue(
  { everyDays }: RetrainingSettings,
  runs: readonly SpentRun[],
  now: Date,
): string | undefined {
  const trained = runs.filter(({ status }) => status === 'registered' || status === 'running');
  const latest = Math.max(...trained.map(({ askedAt }) => Date.parse(askedAt)));
  const due = latest + everyDays * dayMilliseconds;
  if (trained.length === 0 || due <= now.getTime()) return undefined;
  return `The last training began ${iso(latest)}; the next is due ${iso(due)} (\`retraining.everyDays: ${everyDays}\`).`;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
