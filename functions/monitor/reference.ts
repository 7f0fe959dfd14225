import type { Monitoring } from '@tidemark/domain/definition/monitoring.schema.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { Baseline } from '@tidemark/domain/windows/baseline.schema.ts';
import { mergeWindowFacts } from '@tidemark/domain/windows/merge-window-facts.ts';
import type { WindowFacts } from '@tidemark/domain/windows/window-facts.schema.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import type { WindowReport } from './report.schema.ts';

/** An earlier window to compare with. */
export interface EarlierWindow {
  readonly windowId: string;
  readonly facts: WindowFacts;
}

/** What a window is compared with, and what is said of it in the report. */
export interface Reference {
  readonly facts: WindowFacts;
  readonly said: WindowReport['reference'];
}

/** Windows of the same hour of the week that are compared with: a month of them, so that one odd week is diluted. */
const sameHourWindows = 4;
const hoursPerWeek = 168;
const millisecondsPerHour = 3_600_000;

/**
 * Which earlier windows this one is compared with, the oldest first: the last (`previous-window`), or those of the same hour of the
 * four weeks before (`same-hour-of-week`; of the same day, where windows are days); none for `baseline`.
 * @param finished windows that were finished, of the version that is judged; in any order
 */
export function referenceWindows<W extends { readonly windowId: string; readonly end: Date }>(
  { compareWith }: Pick<Monitoring, 'compareWith'>,
  end: Date,
  finished: readonly W[],
): W[] {
  const before = finished
    .filter((window) => window.end < end)
    .toSorted((a, b) => a.end.getTime() - b.end.getTime());
  switch (compareWith) {
    case 'baseline':
      return [];
    case 'previous-window':
      return before.slice(-1);
    case 'same-hour-of-week':
      return before.filter((window) => weekHour(window.end) === weekHour(end)).slice(-sameHourWindows);
    default:
      return unreachable(compareWith);
  }
}

/** Hours since a week began; which weekday begins it does not matter. */
function weekHour(time: Date): number {
  return Math.floor(time.getTime() / millisecondsPerHour) % hoursPerWeek;
}

/**
 * What a window is compared with: the earlier windows where there are any with rows enough, otherwise the baseline, and a note that
 * says so. Facts of another training run are passed over: they were counted in other bins.
 */
export function chooseReference(
  { compareWith, minimumRows }: Pick<Monitoring, 'compareWith' | 'minimumRows'>,
  baseline: Baseline,
  earlier: readonly EarlierWindow[],
): Reference {
  const usable = earlier.filter(({ facts }) => facts.runId === baseline.plan.runId);
  if (compareWith === 'baseline') return fromBaseline(baseline, compareWith, null);
  if (usable.length === 0) {
    const note = `There is no ${described[compareWith]} of this version yet, so the window is compared with the baseline.`;
    return fromBaseline(baseline, compareWith, note);
  }
  const facts = mergeWindowFacts(usable.map((window) => window.facts));
  if (facts.rows < minimumRows) {
    const note = `The ${described[compareWith]} has ${counted(facts.rows, 'prediction')}, fewer than the ${minimumRows} that a comparison takes, so the window is compared with the baseline.`;
    return fromBaseline(baseline, compareWith, note);
  }
  const windowIds = usable.map(({ windowId }) => windowId);
  return {
    facts,
    said: { kind: compareWith, asked: compareWith, windowIds, rows: facts.rows, note: null },
  };
}

const described: Record<Monitoring['compareWith'], string> = {
  baseline: 'baseline',
  'previous-window': 'previous window',
  'same-hour-of-week': 'window of the same hour of the week',
};

function fromBaseline(
  { holdout }: Baseline,
  asked: Monitoring['compareWith'],
  note: string | null,
): Reference {
  return { facts: holdout, said: { kind: 'baseline', asked, windowIds: [], rows: holdout.rows, note } };
}
