import type { PastWindow, WindowReport } from './report.schema.ts';

/** Windows that are remembered: a week of hours. A label that comes later settles no estimate. */
const rememberedWindows = 168;

/** What a report is remembered by, and what it remembers, the oldest first. */
export function historyAfter(report: WindowReport | null): PastWindow[] {
  return report === null ? [] : [...report.history, pastWindow(report)].slice(-rememberedWindows);
}

function pastWindow({ windowId, end, version, counts, drift, quality }: WindowReport): PastWindow {
  const prediction = drift.columns.find(({ role }) => role === 'prediction');
  const { metric, measured, estimated } = quality;
  return {
    windowId,
    end,
    version,
    rows: counts.rows,
    verdict: drift.verdict,
    drifting: drift.columns.filter((column) => column.verdict === 'drift').length,
    predictionDistance: prediction && prediction.verdict !== 'not-judged' ? prediction.effect : null,
    quality: quality.verdict,
    metric,
    measured: measured
      ? {
          value: measured.value,
          low: measured.low,
          high: measured.high,
          standardError: measured.standardError,
          rows: measured.rows,
        }
      : null,
    estimated: estimated ?? null,
  };
}
