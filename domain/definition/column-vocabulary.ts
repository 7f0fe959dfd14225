import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import type { ColumnVocabulary } from '@tidemark/statistics/tables/read-value.ts';
import type { ColumnRules } from './columns.schema.ts';
import type { Definition } from './definition.schema.ts';

/** The type of values of each word that definitions use. A number may turn out to be whole. */
const typeOf = {
  number: 'number',
  text: 'string',
  boolean: 'boolean',
  time: 'timestamp',
} as const satisfies Record<NonNullable<ColumnRules['type']>, ColumnType>;

/** What the definition says of a column. */
function rulesOf({ columns }: Pick<Definition, 'columns'>, name: string): ColumnRules {
  return Object.hasOwn(columns, name) ? (columns[name] ?? {}) : {};
}

/** The type that the definition says a column has; `undefined` if it says none. */
export function declaredType(definition: Pick<Definition, 'columns'>, name: string): ColumnType | undefined {
  const { type } = rulesOf(definition, name);
  return type === undefined ? undefined : typeOf[type];
}

/** How the definition says a column's values are spelled. */
export function vocabularyOf(definition: Pick<Definition, 'columns'>, name: string): ColumnVocabulary {
  const { missing, format } = rulesOf(definition, name);
  return { missing, format };
}
