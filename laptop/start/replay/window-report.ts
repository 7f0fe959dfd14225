import type { WindowReport } from '../../../functions/monitor/report.schema.ts';
import type { ReplayedWindow } from './replayed-window.schema.ts';

type Judged = Pick<ReplayedWindow, 'windowId' | 'rows' | 'verdict' | 'headline' | 'columns' | 'quality'>;

/** What of a report is shown in a line. */
export function shortReport({ windowId, headline, counts, drift, quality }: WindowReport): Judged {
  const columns = drift.columns
    .toSorted((a, b) => b.effect - a.effect)
    .map(({ name, effect, verdict }) => ({ name, distance: effect, drifts: verdict === 'drift' }));
  const drifting = columns.filter(({ drifts }) => drifts);
  const { verdict, basis, metric, measured, estimated } = quality;
  const value = basis === 'measured' ? measured?.value : estimated?.value;
  return {
    windowId,
    rows: counts.rows,
    verdict: drift.verdict,
    headline,
    columns: drifting.length > 0 ? drifting : columns.slice(0, 1),
    quality: { verdict, basis, metric, value: value ?? null },
  };
}
