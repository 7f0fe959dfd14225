import { reportedConfidence, twoSidedQuantile } from '@tidemark/statistics/metrics/interval.ts';
import { metricFactsOf } from '@tidemark/statistics/metrics/metric-facts.ts';
import type { WindowReport } from '../report.schema.ts';
import { type IntervalRow, intervalPlot } from './charts.ts';
import { countText, figureText } from './formats.ts';
import { type Html, html } from './html.ts';

/** How well predictions match labels, or what can be said before these arrive. */
export function quality(report: WindowReport): Html {
  const { quality: judged } = report;
  return html`<section aria-labelledby="quality"><h2 id="quality">Quality</h2>
<p>${judged.sentence}</p>
${intervalPlot(intervals(report), marks(report))}
${metricTable(report)}
${segmentTable(report)}
${settledTable(report)}
</section>`;
}

function intervals({ quality: { metric, baseline, measured, estimated } }: WindowReport): IntervalRow[] {
  const reach = twoSidedQuantile(reportedConfidence) * baseline.standardError;
  const ofBaseline = {
    value: baseline.value,
    low: baseline.value - reach,
    high: baseline.value + reach,
  };
  return [
    {
      label: `${metric} on the hold-out`,
      note: `${countText(baseline.rows)} rows`,
      estimate: ofBaseline,
      kind: 'reference',
    },
    ...(measured
      ? [
          {
            label: 'measured',
            note: `${countText(measured.rows)} labels`,
            estimate: measured,
            kind: 'now' as const,
          },
        ]
      : []),
    ...(estimated
      ? [
          {
            label: 'estimated',
            note: `${countText(estimated.rows)} predictions, no labels`,
            estimate: estimated,
            kind: 'estimated' as const,
          },
        ]
      : []),
  ];
}

function marks({ problem, quality: { metric, baseline, expected, allowedDrop } }: WindowReport) {
  const isHigherBetter = metricFactsOf(problem, metric)?.better === 'higher';
  const limit = expected.value + (isHigherBetter ? -allowedDrop : allowedDrop);
  return [
    { label: 'degraded beyond', value: limit, kind: 'limit' as const },
    { label: 'a guess', value: baseline.guess, kind: 'guess' as const },
  ];
}

function metricTable({ metrics }: WindowReport): Html | null {
  if (metrics === null) return null;
  const cell = (estimate: { value: number; low: number; high: number } | undefined) =>
    estimate
      ? html`<td>${figureText(estimate.value)}<small>${figureText(estimate.low)} to ${figureText(estimate.high)}</small></td>`
      : html`<td>–</td>`;
  return html`<details><summary>All metrics</summary><div class="scroll"><table><caption class="aside">All metrics</caption>
<thead><tr><th scope="col">Metric</th><th scope="col">Labels of this window</th><th scope="col">Hold-out</th></tr></thead>
<tbody>${Object.keys(metrics.baseline).map(
    (name) =>
      html`<tr><th scope="row">${name}</th>${cell(metrics.window[name])}${cell(metrics.baseline[name])}</tr>`,
  )}</tbody></table></div></details>`;
}

function segmentTable({ segmentQuality, quality: { metric } }: WindowReport): Html | null {
  if (segmentQuality.length === 0) return null;
  return html`<details><summary>${metric} by segment</summary><div class="scroll"><table><caption class="aside">Quality by segment</caption>
<thead><tr><th scope="col">Segment</th><th scope="col">Labels</th><th scope="col">Now</th><th scope="col">Hold-out</th></tr></thead>
<tbody>${segmentQuality.map(
    ({ column, value, labels, window, baseline }) =>
      html`<tr><th scope="row">${column} = ${value ?? '(none)'}</th><td>${countText(labels)}</td><td>${figureText(window.value)}<small>${figureText(window.low)} to ${figureText(window.high)}</small></td><td>${baseline ? html`${figureText(baseline.value)}<small>${figureText(baseline.low)} to ${figureText(baseline.high)}</small>` : '–'}</td></tr>`,
  )}</tbody></table></div></details>`;
}

function settledTable({ settledEstimates }: WindowReport): Html | null {
  if (settledEstimates.length === 0) return null;
  return html`<h3>How good earlier estimates were</h3><div class="scroll"><table><caption class="aside">Estimates and labels</caption>
<thead><tr><th scope="col">Window</th><th scope="col">Labels</th><th scope="col">Estimated</th><th scope="col">Measured</th><th scope="col">Error</th><th scope="col" class="text">Interval</th></tr></thead>
<tbody>${settledEstimates.map(
    ({ windowId, labels, estimated, measured, error, withinInterval }) =>
      html`<tr><th scope="row">${windowId}</th><td>${countText(labels)}</td><td>${figureText(estimated)}</td><td>${figureText(measured)}</td><td>${figureText(error)}</td><td class="text">${withinInterval ? 'held' : 'missed'}</td></tr>`,
  )}</tbody></table></div>`;
}
