import { columns } from './page/column-section.ts';
import { evidence } from './page/evidence-section.ts';
import { Html, html } from './page/html.ts';
import { quality } from './page/quality-section.ts';
import { style } from './page/style.ts';
import { findings, recentWindows, summary } from './page/summary-section.ts';
import type { WindowReport } from './report.schema.ts';

/** `report.html`: the report as one page that needs nothing else, for any screen, in light and dark, without a script. */
export function reportPage(report: WindowReport): string {
  const { model, windowId, drift, problem } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${model}: ${drift.verdict} in window ${windowId}</title>
<style>${new Html(style)}</style>
</head>
<body><main>
${summary(report)}
${findings(report)}
${recentWindows(report)}
${columns(report)}
${quality(report)}
${evidence(report)}
<footer><p>Distances are Jensen-Shannon distances, base 2, less what chance alone makes of so many rows. An adjusted p of 0.01 is one that a window in a hundred without any change would reach, all tests of all columns considered. ${problem === 'multiclass' ? null : 'The bars of a number are its bins, each as wide as the others; the first and the last are open.'}</p><p>Tidemark</p></footer>
</main></body>
</html>
`.toString();
}
