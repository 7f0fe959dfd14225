import { yamlName } from '@tidemark/domain/definition/yaml-name.ts';
import {
  code,
  counted,
  listed,
  listedCells,
  reveal,
  type Sentence,
  say,
} from '@tidemark/statistics/sentence.ts';
import type { Column, ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding } from './data-finding.ts';

/** A column of a file; one without any value has no type of its own. */
export interface FileColumn {
  readonly name: string;
  readonly type: ColumnType | null;
}

/** What a file's columns are held against. */
export interface ReferenceSchema {
  readonly columns: readonly FileColumn[];
  /** Where the reference comes from, for a sentence: "the dataset ds-…", "the file a.csv of this batch". */
  readonly origin: Sentence;
  /** Whether a file may have columns besides: only when it replaces everything that was before. */
  readonly mayGrow: boolean;
}

/** The type that holds both, or `undefined` if none does without loss. Integers may become numbers, nothing else changes. */
export function commonType(a: ColumnType | null, b: ColumnType | null): ColumnType | null | undefined {
  if (a === b || b === null) return a;
  if (a === null) return b;
  const isNumber = (type: ColumnType) => type === 'integer' || type === 'number';
  return isNumber(a) && isNumber(b) ? 'number' : undefined;
}

/** The columns of both, in the order of the first, with the types that hold both. For schemas that agree. */
export function widened(known: readonly FileColumn[], found: readonly FileColumn[]): FileColumn[] {
  const types = new Map(found.map(({ name, type }) => [name, type]));
  const same = known.map(({ name, type }) => ({
    name,
    type: commonType(type, types.get(name) ?? null) ?? type,
  }));
  const names = new Set(known.map(({ name }) => name));
  return [...same, ...found.filter(({ name }) => !names.has(name))];
}

/** The columns whose type is known. */
export function columnsWithType(columns: readonly FileColumn[]): Column[] {
  return columns.flatMap(({ name, type }) => (type === null ? [] : [{ name, type }]));
}

/** What is wrong with a file's names of columns. */
export function nameFindings(names: readonly string[], reference: ReferenceSchema): DataFinding[] {
  const [here, known] = [new Set(names), new Set(reference.columns.map(({ name }) => name))];
  const missing = [...known].filter((name) => !here.has(name));
  const extra = reference.mayGrow ? [] : names.filter((name) => !known.has(name));
  return [
    ...(missing.length > 0 ? [missingProblem(missing, reference)] : []),
    ...(extra.length > 0 ? [extraProblem(extra, missing.length > 0, reference)] : []),
  ];
}

/** What is wrong with a file's types. */
export function typeFindings(found: readonly FileColumn[], reference: ReferenceSchema): DataFinding[] {
  const byName = new Map(found.map((column) => [column.name, column]));
  return reference.columns.flatMap(({ name, type }) => {
    const column = byName.get(name);
    if (column === undefined || commonType(type, column.type) !== undefined) return [];
    return [typeProblem(name, say`holds values of type ${column.type ?? 'none'}`, type, reference)];
  });
}

function missingProblem(missing: readonly string[], { origin }: ReferenceSchema): DataFinding {
  return dataFinding(
    'schema-missing-column',
    say`${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} missing; ${origin} has ${missing.length === 1 ? 'it' : 'them'}.`,
    say`A model that learnt from a column needs it.`,
    say`Add the column to the file. If it is gone for good, list it under \`features.exclude\` in the definition first.`,
  );
}

/** @param doubtful whether known columns are missing: the names may then be values, of a file without a line of names */
function extraProblem(extra: readonly string[], doubtful: boolean, { origin }: ReferenceSchema): DataFinding {
  const names = doubtful ? counted(extra.length, 'column') : listed(extra);
  return dataFinding(
    'schema-extra-column',
    say`${names} ${extra.length === 1 ? 'is' : 'are'} new; ${origin} does not have ${extra.length === 1 ? 'it' : 'them'}.`,
    say`The rows that are already there have no values for a new column.`,
    say`List it under \`features.exclude\` to do without it; or set \`ingestion.mode\` to \`replace\` and drop all data with the new column at once.`,
    doubtful ? { shown: reveal`New: ${listedCells(extra)}.` } : {},
  );
}

/** @param holds what the file has instead, as a verb with its object */
export function typeProblem(
  name: string,
  holds: Sentence,
  expected: ColumnType | null,
  { origin }: Pick<ReferenceSchema, 'origin'>,
  examples: DataFinding['examples'] = [],
): DataFinding {
  const [first] = examples;
  const found = first === undefined ? holds : say`${holds}, the first in ${first.where}`;
  return dataFinding(
    'schema-type',
    say`${code(name)} ${found}, but is ${expected ?? 'empty'} in ${origin}.`,
    say`Of the types, only whole numbers and numbers mix without loss.`,
    say`Write the values as before; spellings of a missing value may be listed under ${code(`columns.${name}.missing`)}. If the type was wrong from the start, as that of codes that looked like numbers, say it in the definition (${code(`columns: { ${yamlName(name)}: { type: text } }`)}, or what else it is) and drop all data again with \`ingestion.mode: replace\`.`,
    examples,
  );
}
