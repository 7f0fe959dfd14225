import { shortNumber } from '@tidemark/statistics/drift/bins.ts';
import type { Estimate } from '@tidemark/statistics/metrics/estimate.schema.ts';
import type { Distribution } from '../report.schema.ts';
import { figureText, percent, shortName } from './formats.ts';
import { type Html, html } from './html.ts';

/*
 * Plots are SVG without a viewBox: places across are percentages and everything else is in pixels, so that a plot fits any screen and
 * its text and lines keep their size.
 */

const plotHeight = 120;
const axisHeight = 22;
/** Edges that are written below a plot of numbers: more would touch on a phone. */
const writtenEdges = 4;
/** Categories that have a row of their own; the rest is summed up. */
const shownCategories = 8;

/** Where a column's rows lie, then and now. */
export function distributionPlot(distribution: Distribution): Html {
  return distribution.kind === 'number' ? numberPlot(distribution) : categoryPlot(distribution);
}

/** Bins side by side, each as wide as the others: what it holds now as a bar, what it held before as a step. */
function numberPlot({ name, bins, edges, reference, current }: Distribution): Html {
  const highest = Math.max(...reference, ...current, Number.EPSILON);
  const width = 100 / bins.length;
  const top = (share: number) => plotHeight - (share / highest) * (plotHeight - 8);
  const bars = bins.map((bin, index) => {
    const [before = 0, now = 0] = [reference[index], current[index]];
    const left = index * width;
    return html`<g><title>${bin}: ${percent(now)} now, ${percent(before)} before</title>
<rect class="hit" x="${left}%" y="0" width="${width}%" height="${plotHeight}"/>
<rect class="now" x="${left + 0.12 * width}%" y="${top(now)}" width="${0.76 * width}%" height="${plotHeight - top(now)}"/>
<line class="before" x1="${left}%" x2="${left + width}%" y1="${top(before)}" y2="${top(before)}"/></g>`;
  });
  return html`<svg class="plot" width="100%" height="${plotHeight + axisHeight}" role="img" aria-label="${described(name, bins, reference, current)}">
${bars}<line class="axis" x1="0" x2="100%" y1="${plotHeight}" y2="${plotHeight}"/>${edgeLabels(edges ?? [], width)}</svg>${key}`;
}

const key = html`<p class="key"><span class="swatch now"></span>now: this window <span class="swatch before"></span>before: what it is compared with</p>`;

/** The lower ends of some bins, evenly spread. */
function edgeLabels(edges: readonly number[], width: number): Html[] {
  const steps = Math.min(writtenEdges, edges.length);
  return Array.from({ length: steps }, (_, step) => {
    const index = Math.floor(((step + 0.5) * edges.length) / steps);
    const place = `${(index + 1) * width}%`;
    return html`<line class="axis" x1="${place}" x2="${place}" y1="${plotHeight}" y2="${plotHeight + 4}"/><text x="${place}" y="${plotHeight + 16}" text-anchor="middle">${shortNumber(edges[index])}</text>`;
  });
}

interface CategoryRow {
  readonly label: string;
  readonly before: number;
  readonly now: number;
}

/** A row per category, the largest change first: a table that is a plot. */
function categoryPlot({ name, bins, reference, current }: Distribution): Html {
  const all = bins
    .map((label, index) => ({ label, before: reference[index] ?? 0, now: current[index] ?? 0 }))
    .filter(({ before, now }) => before > 0 || now > 0)
    .toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  const shown = all.length <= shownCategories + 1 ? all : all.slice(0, shownCategories);
  const highest = Math.max(...shown.flatMap(({ before, now }) => [before, now]), Number.EPSILON);
  return html`<table class="bars"><caption class="aside">Shares of the values of ${name}, the largest change first</caption>
<thead><tr><th scope="col">Value</th><th scope="col" class="wide"><span class="aside">Bars</span></th><th scope="col">Before</th><th scope="col">Now</th></tr></thead>
<tbody>${shown.map((row) => categoryRow(row, highest))}${restRow(all.slice(shown.length))}</tbody></table>${key}`;
}

/** The others together, without bars: theirs would dwarf the rest. */
function restRow(others: readonly CategoryRow[]): Html | null {
  if (others.length === 0) return null;
  const before = others.reduce((sum, row) => sum + row.before, 0);
  const now = others.reduce((sum, row) => sum + row.now, 0);
  return html`<tr><th scope="row">${others.length} others</th><td class="wide"></td><td>${percent(before)}</td><td>${percent(now)}</td></tr>`;
}

function categoryRow({ label, before, now }: CategoryRow, highest: number): Html {
  return html`<tr><th scope="row" title="${label}">${shortName(label, 24)}</th>
<td class="wide"><svg width="100%" height="22" aria-hidden="true"><rect class="now" x="0" y="1" width="${(100 * now) / highest}%" height="11"/><rect class="then" x="0" y="14" width="${(100 * before) / highest}%" height="6"/></svg></td>
<td>${percent(before)}</td><td>${percent(now)}</td></tr>`;
}

/** The bins that changed most, in words. */
function described(
  name: string,
  bins: readonly string[],
  reference: readonly number[],
  current: readonly number[],
): string {
  const changes = bins
    .map((bin, index) => ({ bin, before: reference[index] ?? 0, now: current[index] ?? 0 }))
    .toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before))
    .slice(0, 3)
    .map(({ bin, before, now }) => `${bin}: ${percent(before)} before, ${percent(now)} now`);
  return `Shares of ${name} by bin. Largest changes: ${changes.join('; ')}.`;
}

/** An estimate with its interval, and how it is drawn. */
export interface IntervalRow {
  readonly label: string;
  readonly note: string;
  readonly estimate: Estimate;
  readonly kind: 'reference' | 'now' | 'estimated';
}

/** Estimates below each other on one scale, with lines for what they are held against. */
export function intervalPlot(
  rows: readonly IntervalRow[],
  marks: readonly { readonly label: string; readonly value: number; readonly kind: 'limit' | 'guess' }[],
): Html {
  const values = [
    ...rows.flatMap(({ estimate }) => [estimate.low, estimate.high]),
    ...marks.map(({ value }) => value),
  ];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const padding = (high - low || Math.abs(high) || 1) * 0.08;
  const at = (value: number) => `${(100 * (value - low + padding)) / (high - low + 2 * padding)}%`;
  return html`<table class="bars intervals"><caption class="aside">Estimates with their intervals at 95 %</caption>
<thead><tr><th scope="col">What</th><th scope="col" class="wide"><span class="aside">Interval</span></th><th scope="col">Value</th></tr></thead>
<tbody>${rows.map(
    ({ label, note, estimate, kind }) =>
      html`<tr><th scope="row">${label}<small>${note}</small></th>
<td class="wide"><svg width="100%" height="34" aria-hidden="true">${marks.map(
        (mark) =>
          html`<line class="mark ${mark.kind}" x1="${at(mark.value)}" x2="${at(mark.value)}" y1="0" y2="34"/>`,
      )}<line class="range ${kind}" x1="${at(estimate.low)}" x2="${at(estimate.high)}" y1="17" y2="17"/><circle class="point ${kind}" cx="${at(estimate.value)}" cy="17" r="6"/></svg></td>
<td>${figureText(estimate.value)}<small>${figureText(estimate.low)} to ${figureText(estimate.high)}</small></td></tr>`,
  )}</tbody></table>
<p class="key">${marks.map(
    ({ label, value, kind }) => html`<span class="swatch mark ${kind}"></span>${label} ${figureText(value)} `,
  )}</p>`;
}

/** A window in the strip. */
export interface StripWindow {
  readonly label: string;
  /** `null`: not judged. */
  readonly height: number | null;
  readonly state: 'stable' | 'drift' | 'insufficient-data';
  readonly isCurrent: boolean;
}

const stripHeight = 64;

/** Recent windows side by side, as high as the predictions were far from what they are compared with. */
export function stripPlot(windows: readonly StripWindow[], limit: number, summary: string): Html {
  const highest = Math.max(limit * 1.25, ...windows.map(({ height }) => height ?? 0));
  const width = 100 / Math.max(windows.length, 12);
  const top = (value: number) => stripHeight - (value / highest) * (stripHeight - 4);
  const bars = windows.map(({ label, height, state, isCurrent }, index) => {
    const y = height === null ? stripHeight - 3 : Math.min(top(height), stripHeight - 3);
    return html`<g><title>${label}</title><rect class="hit" x="${index * width}%" y="0" width="${width}%" height="${stripHeight}"/><rect class="strip ${state}${isCurrent ? ' current' : ''}" x="${(index + 0.1) * width}%" y="${y}" width="${0.8 * width}%" height="${stripHeight - y}"/></g>`;
  });
  return html`<svg class="plot" width="100%" height="${stripHeight + 2}" role="img" aria-label="${summary}">${bars}<line class="mark limit" x1="0" x2="100%" y1="${top(limit)}" y2="${top(limit)}"/><line class="axis" x1="0" x2="100%" y1="${stripHeight + 1}" y2="${stripHeight + 1}"/></svg>`;
}
