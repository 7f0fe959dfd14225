import type { PastWindow, WindowReport } from '../report.schema.ts';
import { type StripWindow, stripPlot } from './charts.ts';
import { countText, distance, figureText, moment } from './formats.ts';
import { type Html, html } from './html.ts';

/** Windows in the strip: more would be thinner than a finger. */
const shownWindows = 30;

const driftBadge = {
  drift: html`<span class="badge bad">▲ drift</span>`,
  stable: html`<span class="badge good">● stable</span>`,
  'insufficient-data': html`<span class="badge">○ too few predictions</span>`,
};

const qualityBadge = {
  healthy: html`<span class="badge good">● quality holds</span>`,
  degraded: html`<span class="badge bad">▼ quality degraded</span>`,
  'insufficient-data': html`<span class="badge">○ quality not known yet</span>`,
};

/** What the window came to, at a glance. */
export function summary(report: WindowReport): Html {
  const { model, version, windowId, end, drift, quality, headline } = report;
  return html`<div class="lead ${drift.verdict}">
<p class="soft">Window ${windowId}, until ${moment(end)}</p>
<h1>${model}, version ${version}</h1>
<p>${driftBadge[drift.verdict]}${qualityBadge[quality.verdict]}</p>
<p class="headline">${headline}</p>
</div>
${tiles(report)}`;
}

function tiles({ counts, drift, quality }: WindowReport): Html {
  const prediction = drift.columns.find(({ role }) => role === 'prediction');
  const drifting = drift.columns.filter(({ verdict }) => verdict === 'drift').length;
  const { value, what } = qualityFigure(quality);
  return html`<ul class="tiles">
<li><small>Predictions</small><b>${countText(counts.rows)}</b><small>${countText(counts.labels.joined)} labels arrived</small></li>
<li><small>Columns that drift</small><b>${drifting} of ${drift.columns.length}</b><small>at ${distance(drift.policy.minimumDistance)} or farther</small></li>
<li><small>The predictions moved</small><b>${prediction && prediction.verdict !== 'not-judged' ? distance(prediction.effect) : '–'}</b><small>0 the same, 1 nothing in common</small></li>
<li><small>${quality.metric}, ${what}</small><b>${value}</b><small>${figureText(quality.baseline.value)} on the hold-out</small></li>
</ul>`;
}

function qualityFigure({ basis, measured, estimated }: WindowReport['quality']) {
  if (basis === 'measured' && measured) return { value: figureText(measured.value), what: 'measured' };
  if (basis === 'estimated' && estimated) return { value: figureText(estimated.value), what: 'estimated' };
  return { value: '–', what: 'not known' };
}

/** What moved, by how much, in which segment, and how sure we are. */
export function findings({ findings, notes }: WindowReport): Html {
  const list = (sentences: readonly string[]) =>
    html`<ul class="findings">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
  return html`<section aria-labelledby="findings"><h2 id="findings">What was found</h2>${list(findings)}
${notes.length === 0 ? null : html`<details open><summary>To be known beside it</summary>${list(notes)}</details>`}</section>`;
}

/** The windows before this one, and this one. */
export function recentWindows(report: WindowReport): Html | null {
  if (report.history.length === 0) return null;
  const prediction = report.drift.columns.find(({ role }) => role === 'prediction');
  const current = {
    windowId: report.windowId,
    end: report.end,
    version: report.version,
    rows: report.counts.rows,
    verdict: report.drift.verdict,
    drifting: report.drift.columns.filter(({ verdict }) => verdict === 'drift').length,
    predictionDistance: prediction && prediction.verdict !== 'not-judged' ? prediction.effect : null,
    quality: report.quality.verdict,
  };
  const windows = [...report.history, current].slice(-shownWindows);
  const drifted = windows.filter(({ verdict }) => verdict === 'drift').length;
  const strip = windows.map((window) => stripWindow(window, window === current));
  const said = `Distance of the predictions in the last ${windows.length} windows; ${drifted} of them drifted.`;
  return html`<section aria-labelledby="recent"><h2 id="recent">Recent windows</h2>
<p class="soft">How far the predictions were from what they were compared with, window by window. The line is the distance from which it matters.</p>
${stripPlot(strip, report.drift.policy.minimumDistance, said)}
<p class="key"><span class="swatch stable"></span>stable <span class="swatch drift"></span>drift <span class="swatch insufficient-data"></span>too few predictions</p>
<details><summary>As a table</summary><div class="scroll"><table><caption class="aside">Recent windows</caption>
<thead><tr><th scope="col">Until</th><th scope="col">Version</th><th scope="col">Predictions</th><th scope="col" class="text">Verdict</th><th scope="col">Columns that drift</th><th scope="col">Predictions moved</th><th scope="col" class="text">Quality</th></tr></thead>
<tbody>${windows.toReversed().map(windowRow)}</tbody></table></div></details></section>`;
}

type Window = Omit<PastWindow, 'metric' | 'measured' | 'estimated'>;

function stripWindow(window: Window, isCurrent: boolean): StripWindow {
  const { end, rows, verdict, predictionDistance } = window;
  const moved =
    predictionDistance === null ? 'not judged' : `predictions moved ${distance(predictionDistance)}`;
  return {
    label: `${moment(end)}: ${verdict}, ${moved}, ${countText(rows)} predictions`,
    height: predictionDistance,
    state: verdict,
    isCurrent,
  };
}

function windowRow({ end, version, rows, verdict, drifting, predictionDistance, quality }: Window): Html {
  return html`<tr><th scope="row">${moment(end)}</th><td>${version}</td><td>${countText(rows)}</td><td class="text">${verdict}</td><td>${drifting}</td><td>${predictionDistance === null ? '–' : distance(predictionDistance)}</td><td class="text">${quality}</td></tr>`;
}
