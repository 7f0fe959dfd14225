import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { requireColumn } from './features.ts';

/** The weights of the rows do not allow a training. */
export class UnusableWeightsError extends InvalidInputError {
  override readonly name = 'UnusableWeightsError';
}

/**
 * SQL of a row's weight. A row without one, such as one that a retraining took from predictions, weighs as much as the training rows do
 * on average.
 * @param sides SQL of the rows of each side that training reads
 * @throws UnusableWeightsError when a weight is negative, or no row of a side has one above 0
 */
export async function weightOf(
  database: Database,
  column: string,
  sides: Readonly<Record<'train' | 'validation', string>>,
): Promise<string> {
  const value = `CAST(${identifier(column)} AS DOUBLE)`;
  const mean = await meanWeight(database, column, value, 'training', sides.train);
  await meanWeight(database, column, value, 'validation', sides.validation);
  return `coalesce(${value}, ${mean}::DOUBLE)`;
}

const facts = z.object({
  negative: wholeNumber,
  highest: z.number().nullable(),
  mean: z.number().nullable(),
});

async function meanWeight(
  database: Database,
  column: string,
  value: string,
  side: 'training' | 'validation',
  rows: string,
): Promise<number> {
  const { negative, highest, mean } = await database.row(
    `SELECT count(*) FILTER (WHERE ${value} < 0) AS negative, max(${value}) AS highest, avg(${value}) AS mean FROM (${rows})`,
    facts,
  );
  if (negative > 0) {
    throw new UnusableWeightsError(
      `The weight \`${column}\` is negative in ${negative} ${side} rows; it says how much a row counts, from 0 on. Correct the data, or name another column in \`weight\`.`,
    );
  }
  // Validation rows without any weight weigh alike; training rows without one have no average.
  if (mean === null && side === 'validation') return 1;
  if (highest === null || highest <= 0 || mean === null) {
    throw new UnusableWeightsError(
      `No ${side} row has a weight \`${column}\` above 0, so nothing would be learnt. Correct the data, or leave \`weight\` out of the definition.`,
    );
  }
  return mean;
}

/** What is said about the weights. */
export async function weightNotes(
  database: Database,
  { weight }: Pick<Definition, 'weight'>,
  columns: readonly Column[],
  trainRows: string,
): Promise<string[]> {
  if (weight === undefined) return [];
  const { name, type } = requireColumn(weight, columns, 'weight');
  if (type !== 'integer' && type !== 'number') {
    throw new UnusableWeightsError(
      `The weight \`${name}\` is of type ${type} and not a number. Correct the data, or name another column in \`weight\`.`,
    );
  }
  const { missing } = await database.row(
    `SELECT count(*) AS missing FROM (${trainRows}) WHERE ${identifier(name)} IS NULL`,
    z.object({ missing: wholeNumber }),
  );
  return [
    `Training rows are weighted by \`${name}\`; categories, metrics and gates count every row once.`,
    ...(missing > 0
      ? [`${missing} training rows have no \`${name}\` and weigh as much as the others do on average.`]
      : []),
  ];
}
