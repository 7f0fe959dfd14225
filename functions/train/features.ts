import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import { say } from '@tidemark/statistics/sentence.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import type { ColumnFinding } from './column-finding.schema.ts';
import { leftOut } from './column-findings.ts';

/** The definition names columns that the dataset does not have. */
export class MissingColumnError extends InvalidInputError {
  override readonly name = 'MissingColumnError';
}

/** The dataset has nothing that a model could learn from. */
export class NoUsableFeatureError extends InvalidInputError {
  override readonly name = 'NoUsableFeatureError';
}

type Uses = Pick<Definition, 'target' | 'features' | 'entity' | 'weight'>;

/** The target's column. @throws MissingColumnError */
export function targetColumn({ target }: Pick<Definition, 'target'>, columns: readonly Column[]): Column {
  return requireColumn(target.column, columns, 'target');
}

/**
 * Columns that features are made of, in the dataset's order: those that `features` says, never the target.
 * @throws MissingColumnError
 */
export function featureColumns(
  { target, entity, weight, features }: Uses,
  columns: readonly Column[],
): Column[] {
  const { include, exclude = [] } = features;
  for (const name of include ?? []) requireColumn(name, columns, 'features.include');
  return columns.filter(
    ({ name }) =>
      ![target.column, entity, weight].includes(name) &&
      (include?.includes(name) ?? true) &&
      !exclude.includes(name),
  );
}

/** Columns that the dataset holds for another use than as features, and why. */
export function columnsKeptOut(
  definition: Uses,
  columns: readonly Column[],
  trainRows: number,
): ColumnFinding[] {
  const features = new Set(featureColumns(definition, columns).map(({ name }) => name));
  return columns
    .filter(({ name }) => name !== definition.target.column && !features.has(name))
    .map((column) => {
      const [why, clause] = roleOf(definition, column.name);
      return leftOut(why, { column, present: trainRows, distinct: 0 }, trainRows, { clause });
    });
}

function roleOf({ entity, weight }: Uses, name: string) {
  if (name === entity) return ['entity', say`it says which rows belong together`] as const;
  if (name === weight) return ['weight', say`it says how much a row counts in training`] as const;
  const clause = say`the definition keeps it out of the features, and uses it for something else`;
  return ['not-a-feature', clause] as const;
}

/** Columns by whose values metrics are also reported. @throws MissingColumnError */
export function segmentColumns(
  { segments }: Pick<Definition, 'segments'>,
  columns: readonly Column[],
): Column[] {
  return segments.map((name) => requireColumn(name, columns, 'segments'));
}

/** The column of that name. @throws MissingColumnError that names the field of the definition */
export function requireColumn(name: string, columns: readonly Column[], field: string): Column {
  const column = columns.find((each) => each.name === name);
  if (column) return column;
  const has = columns.map((each) => each.name).join(', ');
  throw new MissingColumnError(
    `${field} names the column ${name}, which the dataset does not have. It has ${has.slice(0, 500)}. ` +
      'Correct the definition, or feed data with that column.',
  );
}
