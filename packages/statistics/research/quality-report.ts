import { clopperPearson } from './clopper-pearson.ts';
import { tablePercent } from './percent.ts';
import { configuredAlpha, examinedAlpha } from './plan.ts';
import type { QualityPart } from './quality-plan.ts';
import type { QualityOutcome } from './quality-simulate.ts';

export interface QualityResult extends QualityPart {
  readonly outcome: QualityOutcome;
}

/** The tables on quality, as Markdown. */
export function qualityTables(results: readonly QualityResult[]): string {
  const of = (part: QualityPart['part']) => results.filter((result) => result.part === part);
  return `
### Quality with labels: false alarms at a level of ${tablePercent(examinedAlpha)}
Share of windows without loss in which the test is significant, whatever the size of the loss, by labels of the window; in brackets the exact 95 %
interval. Each window has its own hold-out. ${summary(of('level'))}

${bySize(of('level'), 'rows are independent', significantCell)}

Days differ: each loses 20 % ± 10 % in the same way as below, the hold-out's days and the window, which is one without further loss. Each day of
the hold-out has 500 rows.

${bySize(of('days'), 'what is known of days', significantCell)}

### Quality with labels, as configured by default
One false alarm a year, daily windows: ${tablePercent(configuredAlpha)} per window. 5,000 rows of hold-out, 1,000 labels.

${line(['problem', 'test alone', 'degraded (a tenth lost as well)'])}
${line(['---', '---', '---'])}
${of('configured')
  .map(({ row, outcome }) =>
    line([row, withInterval(outcome.significant, outcome), withInterval(outcome.degraded, outcome)]),
  )
  .join('\n')}

### Quality with labels: power
Share of windows that are called degraded, as configured by default, by labels of the window; 5,000 rows of hold-out. So many labels have nothing to do with the
prediction any more, which is that share of what an AUC is better than a guess and more of what a log loss is; the RMSE goes that share of the way to a guess. At the
allowed tenth itself, half of the windows can be above it.

${bySize(of('power'), 'what is lost', ({ outcome }) => tablePercent(outcome.degraded / outcome.windows))}

### Quality without labels: coverage
Share of 95 % intervals of the estimate that hold what the window's labels then show, 4,000 predictions; 4,000 rows of hold-out unless said. Errors and standard
errors are means over the windows, in the metric's unit. *Not estimated*: too few rows of the hold-out speak for such predictions.

${line(['predictions', 'truth moves by', 'estimate less truth', 'standard error', 'covered', 'not estimated', `called worse at ${tablePercent(examinedAlpha)}`])}
${line(['---', '---', '---', '---', '---', '---', '---'])}
${of('estimates').map(estimateLine).join('\n')}
`;
}

function estimateLine({ row, outcome }: QualityResult): string {
  const { windows, estimated, covered, moved, error, standardError, significant } = outcome;
  const figures = [moved, error, standardError].map((figure) => (estimated === 0 ? '' : figure.toFixed(4)));
  const held = estimated === 0 ? '' : withInterval(covered, { windows: estimated });
  return line([
    row,
    ...figures,
    held,
    tablePercent(1 - estimated / windows),
    tablePercent(significant / windows),
  ]);
}

function bySize(
  results: readonly QualityResult[],
  first: string,
  cell: (result: QualityResult) => string,
): string {
  const sizes = [...new Set(results.map(({ quality }) => quality.windowRows))];
  const rows = [...new Set(results.map(({ row }) => row))];
  return [
    line([first, ...sizes.map((size) => size.toLocaleString('en'))]),
    line(['---', ...sizes.map(() => '---')]),
    ...rows.map((row) =>
      line([
        row,
        ...sizes.map((size) => {
          const found = results.find((each) => each.row === row && each.quality.windowRows === size);
          return found ? cell(found) : '';
        }),
      ]),
    ),
  ].join('\n');
}

function summary(results: readonly QualityResult[]): string {
  const windows = results.reduce((sum, { outcome }) => sum + outcome.windows, 0);
  const alarms = results.reduce((sum, { outcome }) => sum + outcome.significant, 0);
  return `Independent rows together: ${alarms} of ${windows.toLocaleString('en')} windows, ${withInterval(alarms, { windows })}.`;
}

function significantCell({ outcome }: QualityResult): string {
  return withInterval(outcome.significant, outcome);
}

function withInterval(count: number, { windows }: Pick<QualityOutcome, 'windows'>): string {
  const { low, high } = clopperPearson(count, windows);
  return `${tablePercent(count / windows)} (${tablePercent(low)} to ${tablePercent(high)})`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
