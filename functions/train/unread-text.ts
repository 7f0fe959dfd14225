import { rowHashColumn } from '@tidemark/domain/datasets/row-hash.ts';
import { measure } from '@tidemark/statistics/metrics/measure.ts';
import type { MetricName } from '@tidemark/statistics/metrics/metric-facts.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import type { UnreadText } from './unread-text.schema.ts';
import { type LabelledText, predictByWords } from './word-model.ts';

/** By what words and the model are compared. */
export const wordMetric = {
  binary: 'auc',
  multiclass: 'accuracy',
  regression: 'r2',
} as const satisfies Record<ProblemType, MetricName>;

/** Columns, and rows of each side, that are looked at: a minute at most, and an interval of 0.02. */
const limits = { columns: 10, trainRows: 20_000, validationRows: 5000, characters: 2000 };
/** Fewer rows say nothing for sure. */
const minimumRows = 30;

/** Where the rows are, and what is asked of them. */
interface TextRows {
  /** SQL of the rows of each side, with their labels. */
  readonly train: string;
  readonly validation: string;
  readonly label: string;
  readonly problem: ProblemType;
  /** 0 for regression. */
  readonly classes: number;
}

/** How much the words of each column tell that the model does not read: learnt on training rows, measured on validation rows, both with a text. */
export async function measureUnreadTexts(
  database: Database,
  rows: TextRows,
  columns: readonly string[],
): Promise<UnreadText[]> {
  const measured: UnreadText[] = [];
  for (const column of columns.slice(0, limits.columns)) {
    const train = await textsIn(database, rows.train, rows.label, column, limits.trainRows);
    const validation = await textsIn(database, rows.validation, rows.label, column, limits.validationRows);
    if (train.length < minimumRows || validation.length < minimumRows) continue;
    const metric = wordMetric[rows.problem];
    const found = measure(predictByWords(rows.problem, rows.classes, train, validation))[metric];
    if (found) measured.push({ column, metric, rows: validation.length, ...found });
  }
  return measured;
}

/** A sample by the rows' hashes: files may be in the order of the answer. */
async function textsIn(
  database: Database,
  rows: string,
  label: string,
  column: string,
  most: number,
): Promise<LabelledText[]> {
  const name = identifier(column);
  return database.rows(
    `SELECT left(${name}, ${limits.characters}) AS _text, ${label} AS _answer FROM (${rows})
     WHERE ${name} IS NOT NULL ORDER BY ${rowHashColumn} LIMIT ${most}`,
    z.object({ _text: z.string(), _answer: z.number() }).transform(({ _text, _answer }) => ({
      text: _text,
      label: _answer,
    })),
  );
}
