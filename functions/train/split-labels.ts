import { splitNames } from '@tidemark/domain/datasets/manifest.schema.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import type { TrainingLabels } from '@tidemark/statistics/metrics/guess.ts';
import { wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import { unknownClass } from './target-labels.ts';

/** Training, watching or judging is not possible with these rows. */
export class UnusableSplitError extends InvalidInputError {
  override readonly name = 'UnusableSplitError';
}

/** Fewer rows give intervals that say nothing. */
const minimumHoldoutRows = 30;

/** Rows of one side with one label. For regression the label is the mean of the side. */
export const splitLabelsSchema = z.object({
  split: z.enum(splitNames),
  label: z.number(),
  rows: wholeNumber,
});
export type SplitLabels = z.infer<typeof splitLabelsSchema>;

/** SQL that counts the rows of each side by class, or gives each side's mean. */
export function splitLabelsQuery(rows: string, label: string, isRegression: boolean): string {
  return isRegression
    ? `SELECT _split AS split, avg(${label}) AS label, count(*) AS rows FROM (${rows}) GROUP BY _split`
    : `SELECT _split AS split, ${label} AS label, count(*) AS rows FROM (${rows}) GROUP BY ALL`;
}

/** What the sides hold: rows to be written, what a guess knows, and what is said about rows that are not used. */
export interface SplitSummary {
  readonly rows: { readonly train: number; readonly validation: number; readonly holdout: number };
  readonly trainingLabels: TrainingLabels;
  readonly meanLabel: number;
  readonly notes: readonly string[];
}

/** Sums up the sides of a classification or, without classes, of a regression. @throws UnusableSplitError */
export function summariseSplits(found: readonly SplitLabels[], classes: readonly string[]): SplitSummary {
  const of = (split: SplitLabels['split']) => found.filter((each) => each.split === split);
  const knownValidation = of('validation').filter(({ label }) => label !== unknownClass);
  const rows = {
    train: total(of('train')),
    validation: total(knownValidation),
    holdout: total(of('holdout')),
  };
  requireRows(rows);
  if (classes.length > 0) requireClasses(of('holdout'));
  const meanLabel = of('train').reduce((sum, each) => sum + each.label * each.rows, 0) / rows.train;
  return {
    rows,
    meanLabel,
    trainingLabels:
      classes.length > 0
        ? {
            kind: 'classes',
            rows: classes.map((_, index) => total(of('train').filter(({ label }) => label === index))),
          }
        : { kind: 'numbers', mean: meanLabel },
    notes: unknownClassNotes(total(of('validation')) - rows.validation, of('holdout')),
  };
}

function requireRows({ train, validation, holdout }: SplitSummary['rows']): void {
  if (train > 0 && validation > 0 && holdout >= minimumHoldoutRows) return;
  throw new UnusableSplitError(
    `The dataset has ${train} rows to train on, ${validation} to watch training and ${holdout} to judge on; ` +
      `at least 1, 1 and ${minimumHoldoutRows} are needed. Feed more data${holdout < minimumHoldoutRows ? ', or set `split.holdout` higher, such as 0.3' : ''}.`,
  );
}

function requireClasses(holdout: readonly SplitLabels[]): void {
  if (new Set(holdout.map(({ label }) => label)).size > 1) return;
  throw new UnusableSplitError(
    `All ${total(holdout)} hold-out rows are of one class, so a model cannot be judged on them. Feed more data, or more of the rarer class.`,
  );
}

function unknownClassNotes(leftOut: number, holdout: readonly SplitLabels[]): string[] {
  const missed = total(holdout.filter(({ label }) => label === unknownClass));
  return [
    ...(leftOut > 0
      ? [`${leftOut} validation rows were left out: their class is not among the training rows.`]
      : []),
    ...(missed > 0
      ? [`${missed} hold-out rows are of a class that is not among the training rows, and count as misses.`]
      : []),
  ];
}

function total(found: readonly SplitLabels[]): number {
  return found.reduce((sum, { rows }) => sum + rows, 0);
}
