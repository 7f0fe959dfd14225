import { readFileSync, writeFileSync } from 'node:fs';
import { clopperPearson } from './clopper-pearson.ts';
import { tablePercent } from './percent.ts';
import { configuredAlpha, examinedAlpha, type SimulationPart } from './plan.ts';
import { constant } from './populations.ts';
import { type QualityResult, qualityTables } from './quality-report.ts';
import type { SimulationOutcome } from './simulate.ts';

export interface Result extends SimulationPart {
  readonly outcome: SimulationOutcome;
}

const drift = {
  begin: '<!-- measured: npm run bench:drift writes what follows -->',
  end: '<!-- measured: until here -->',
};
const quality = {
  begin: '<!-- measured: npm run bench:drift writes what follows, on quality -->',
  end: '<!-- measured: until here, on quality -->',
};

/** Replaces the measured parts of the document for which there are results. @throws Error when its marks are missing */
export function writeReport(
  path: string,
  results: { readonly drift: readonly Result[]; readonly quality: readonly QualityResult[] },
): void {
  let document = readFileSync(path, 'utf8');
  if (results.drift.length > 0) document = replaced(document, drift, measured(results.drift), path);
  if (results.quality.length > 0)
    document = replaced(document, quality, qualityTables(results.quality), path);
  writeFileSync(path, document);
}

function replaced(document: string, { begin, end }: typeof drift, text: string, path: string): string {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${path} does not have the marks ${begin} … ${end}.`);
  return `${before}${begin}\n${text}${end}${after}`;
}

function measured(results: readonly Result[]): string {
  const of = (part: SimulationPart['part']) => results.filter((result) => result.part === part);
  const level = tablePercent(examinedAlpha);
  return `
### False alarms, tests alone, at a level of ${level}
Share of windows without any change in which any test of any column is significant, whatever the distance; in brackets the exact 95 %
interval (Clopper and Pearson). Ten sorts of columns in turn: normal, heavy tail, 2, 10, 20 and 100 categories, ties, constant,
missing values, predictions. ${summary([...of('features'), ...of('sorts'), ...of('references')].filter(varies))}

${table(of('features'), 'columns', significantCell)}

Ten columns of one sort:

${table(of('sorts'), 'sort', significantCell)}

Ten sorts, with other references than 5,000 rows:

${table(of('references'), 'reference', significantCell)}

### False alarms as configured by default
One false alarm a year, daily windows: ${tablePercent(configuredAlpha)} per window. 10 columns. ${configuredSummary(of('configured'))}

${table(of('configured'), 'tests alone', significantCell)}

${table(of('configured'), 'verdict (with the minimum distance)', driftCell)}

### A column that has not moved, beside Evidently's default rules
Share of windows in which the one column is called drift; Evidently / Tidemark.

${table(of('columns'), 'column', ({ outcome }) => `${share(outcome.evidentlyFirst, outcome)} / ${share(outcome.drift, outcome)}`)}

### Power
Ten columns, one of which moves. Share of windows that are called drift: Tidemark's verdict (tests alone) · Evidently: a column of the ten,
the one that moved, half of the columns (its verdict on the data set).

${table(of('power'), 'what moves', ({ outcome }) => `${share(outcome.drift, outcome)} (${share(outcome.significant, outcome)}) · ${share(outcome.evidentlyAny, outcome)}, ${share(outcome.evidentlyFirst, outcome)}, ${share(outcome.evidentlyHalf, outcome)}`)}

`;
}

function table(results: readonly Result[], first: string, cell: (result: Result) => string): string {
  const sizes = [...new Set(results.map(({ simulation }) => simulation.windowRows))];
  const rows = [...new Set(results.map(({ row }) => row))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line([first, ...sizes.map((size) => size.toLocaleString('en'))]),
    line(['---', ...sizes.map(() => '---')]),
    ...rows.map((row) =>
      line([
        row,
        ...sizes.map((size) => {
          const found = results.find((each) => each.row === row && each.simulation.windowRows === size);
          return found ? cell(found) : '';
        }),
      ]),
    ),
  ].join('\n');
}

function significantCell({ outcome }: Result): string {
  return withInterval(outcome.significant, outcome.windows);
}

function driftCell({ outcome }: Result): string {
  return withInterval(outcome.drift, outcome.windows);
}

function withInterval(count: number, windows: number): string {
  const { low, high } = clopperPearson(count, windows);
  return `${tablePercent(count / windows)} (${tablePercent(low)} to ${tablePercent(high)})`;
}

function share(count: number, { windows }: SimulationOutcome): string {
  return tablePercent(count / windows);
}

/** Columns that never vary cannot alarm, and would only make the share look smaller. */
function varies({ row }: Result): boolean {
  return row !== constant.name;
}

/** All cells together, and how many cells are above the level by more than chance explains. */
function summary(results: readonly Result[]): string {
  const windows = results.reduce((sum, { outcome }) => sum + outcome.windows, 0);
  const alarms = results.reduce((sum, { outcome }) => sum + outcome.significant, 0);
  const above = results.filter(
    ({ outcome, simulation }) => clopperPearson(outcome.significant, outcome.windows).low > simulation.alpha,
  ).length;
  return (
    `Together, constants apart, ${alarms.toLocaleString('en')} of ${windows.toLocaleString('en')} windows, ${withInterval(alarms, windows)}. The interval ` +
    `of ${above} of the ${results.length} cells lies above the level; where the level holds exactly, one in 40 does by chance.`
  );
}

function configuredSummary(results: readonly Result[]): string {
  const windows = results.reduce((sum, { outcome }) => sum + outcome.windows, 0);
  const alarms = results.reduce((sum, { outcome }) => sum + outcome.significant, 0);
  const verdicts = results.reduce((sum, { outcome }) => sum + outcome.drift, 0);
  return `All sizes together: tests alone ${alarms} of ${windows.toLocaleString('en')} windows, ${withInterval(alarms, windows)}; verdicts ${verdicts}, ${withInterval(verdicts, windows)}.`;
}
