import { problemNames } from './quality-plan.ts';
import type { QualityResult } from './quality-report.ts';
import type { Result } from './report.ts';

interface Point {
  readonly rows: number;
  readonly share: number;
}

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly points: readonly Point[];
}

const ours = '#0b6e75';
const theirs = '#c2571a';
const panel = { width: 400, height: 250, left: 56, top: 64, gapX: 70, gapY: 96 };

/** False alarms and power by rows of a window, as SVG: two columns of panels. */
export function pictureOf(results: readonly Result[]): string {
  const panels = [falseAlarms(results), ...powerRows(results).map((row) => powerPanel(results, row))];
  return svgOf({
    title: 'False alarms and power of drift decisions, by rows of a window',
    heading: 'Windows that are called drift, by rows of the window (simulated; npm run bench:drift)',
    panels,
  });
}

/** Power of quality verdicts by labels of a window, as SVG: a panel per problem. */
export function qualityPictureOf(results: readonly QualityResult[]): string {
  const power = results.filter(({ part }) => part === 'power');
  const problems = [...new Set(power.map(({ quality }) => quality.problem))];
  return svgOf({
    title: 'Power of quality verdicts, by labels of a window',
    heading: 'Windows that are called degraded, by labels of the window (simulated; npm run bench:drift)',
    panels: problems.map((problem) => ({
      title: problemNames[problem],
      curves: qualityCurves(power.filter(({ quality }) => quality.problem === problem)),
    })),
  });
}

const lossColours = ['#8fbfc2', '#0b6e75', '#06363a'];

function qualityCurves(results: readonly QualityResult[]): Curve[] {
  const losses = [...new Set(results.map(({ quality }) => quality.rowsOf.lost))];
  return losses.map((lost, index) => ({
    name: `${lost * 100} % of what it is better than a guess`,
    colour: lossColours[index] ?? ours,
    dashed: false,
    points: results
      .filter(({ quality }) => quality.rowsOf.lost === lost)
      .map(({ quality, outcome }) => ({
        rows: quality.windowRows,
        share: outcome.degraded / outcome.windows,
      })),
  }));
}

interface Picture {
  readonly title: string;
  readonly heading: string;
  readonly panels: readonly { readonly title: string; readonly curves: readonly Curve[] }[];
}

function svgOf({ title: named, heading, panels }: Picture): string {
  const columns = 2;
  const width = panel.left + columns * (panel.width + panel.gapX);
  const height = panel.top + Math.ceil(panels.length / columns) * (panel.height + panel.gapY);
  const drawn = panels.map(({ title, curves }, index) => {
    const x = panel.left + (index % columns) * (panel.width + panel.gapX);
    const y = panel.top + Math.floor(index / columns) * (panel.height + panel.gapY);
    return `<g transform="translate(${x} ${y})">${drawPanel(title, curves)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>${named}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${panel.left}" y="24" font-size="16" fill="#222">${heading}</text>
${drawn.join('\n')}
</svg>
`;
}

function falseAlarms(results: readonly Result[]) {
  const of = (row: string) => results.filter((each) => each.part === 'columns' && each.row === row);
  const numbers = of('normal, 5,000 rows of reference');
  const categories = of('100 categories, 5,000 rows of reference');
  return {
    title: 'One column, nothing has changed (reference 5,000 rows)',
    curves: [
      curve('Tidemark, normal', ours, false, numbers, ({ drift }) => drift),
      curve('Tidemark, 100 categories', ours, true, categories, ({ drift }) => drift),
      curve("Evidently's defaults, normal", theirs, false, numbers, ({ evidentlyFirst }) => evidentlyFirst),
      curve(
        "Evidently's defaults, 100 categories",
        theirs,
        true,
        categories,
        ({ evidentlyFirst }) => evidentlyFirst,
      ),
    ],
  };
}

function powerRows(results: readonly Result[]): string[] {
  return [...new Set(results.filter(({ part }) => part === 'power').map(({ row }) => row))];
}

function powerPanel(results: readonly Result[], row: string) {
  const of = results.filter((each) => each.part === 'power' && each.row === row);
  return {
    title: `One column of ten: ${row}`,
    curves: [
      curve('Tidemark: window drifts', ours, false, of, ({ drift }) => drift),
      curve(
        "Evidently's defaults: that column drifts",
        theirs,
        false,
        of,
        ({ evidentlyFirst }) => evidentlyFirst,
      ),
      curve(
        "Evidently's defaults: half the columns drift",
        theirs,
        true,
        of,
        ({ evidentlyHalf }) => evidentlyHalf,
      ),
    ],
  };
}

function curve(
  name: string,
  colour: string,
  dashed: boolean,
  results: readonly Result[],
  count: (outcome: Result['outcome']) => number,
): Curve {
  const points = results.map(({ simulation, outcome }) => ({
    rows: simulation.windowRows,
    share: count(outcome) / outcome.windows,
  }));
  return { name, colour, dashed, points };
}

function drawPanel(title: string, curves: readonly Curve[]): string {
  const sizes = curves.flatMap(({ points }) => points.map(({ rows }) => Math.log10(rows)));
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const x = (rows: number) => ((Math.log10(rows) - low) / (high - low)) * panel.width;
  const y = (share: number) => (1 - share) * panel.height;
  const powers = [100, 1000, 10_000, 100_000, 1_000_000].filter((rows) => Math.log10(rows) <= high);
  const lines = curves.map(({ points, colour, dashed }) => {
    const path = points.map(({ rows, share }) => `${x(rows).toFixed(1)},${y(share).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="6 4"' : ''}/>`;
  });
  const legend = curves.map(
    ({ name, colour, dashed }, index) =>
      `<line x1="${(index % 2) * 210}" x2="${(index % 2) * 210 + 22}" y1="${panel.height + 42 + Math.floor(index / 2) * 17}" y2="${panel.height + 42 + Math.floor(index / 2) * 17}" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="6 4"' : ''}/>` +
      `<text x="${(index % 2) * 210 + 27}" y="${panel.height + 46 + Math.floor(index / 2) * 17}" font-size="10" fill="#333">${name}</text>`,
  );
  return [
    `<text y="-10" font-weight="bold" fill="#222">${title}</text>`,
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        `<line x2="${panel.width}" y1="${y(share)}" y2="${y(share)}" stroke="#ddd"/><text x="-6" y="${y(share) + 4}" text-anchor="end" fill="#555">${share * 100} %</text>`,
    ),
    ...powers.map(
      (rows) =>
        `<text x="${x(rows).toFixed(1)}" y="${panel.height + 18}" text-anchor="middle" fill="#555">${rows.toLocaleString('en')}</text>`,
    ),
    ...lines,
    ...legend,
  ].join('');
}
