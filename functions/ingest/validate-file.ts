import { declaredType, vocabularyOf } from '@tidemark/domain/definition/column-vocabulary.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { yamlName } from '@tidemark/domain/definition/yaml-name.ts';
import { profileRelation } from '@tidemark/statistics/profile/profile-relation.ts';
import { code, counted, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import { type Database, UnreadableDataError } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { examplesOf, misfit, type TypedColumn, typedColumns } from './column-types.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding, UnacceptableFileError } from './data-finding.ts';
import { disguisedColumns } from './disguised-columns.ts';
import type { AcceptableFile } from './file-result.schema.ts';
import { missingOrValue } from './missing-or-value.ts';
import { openFile } from './open-file.ts';
import { measurePart, type WrittenPart, writePart } from './part.ts';
import { brokenParquet } from './read-parquet.ts';
import { nameFindings, type ReferenceSchema, typeFindings, typeProblem } from './schema-rules.ts';
import { readingsOf, type SourceColumn } from './source-column.ts';
import type { SourceFile, WantedColumns } from './source-file.ts';
import { timeRemedy } from './time-remedy.ts';
import { twinClasses } from './twin-classes.ts';
import { definitionFindings, isColumnUsed } from './used-columns.ts';
import { weightFindings } from './weight-findings.ts';

/** A file that can be accepted, with its part on scratch disk; where the part will be is not known yet. */
export interface ValidatedFile extends Omit<AcceptableFile, 'part'> {
  readonly part: WrittenPart;
}

/**
 * Validates a downloaded file and writes its rows as a part.
 * @param reference what earlier files had, or `undefined` for the first one of a model
 * @throws UnacceptableFileError with everything that is wrong with the file, as far as it could be read
 */
export async function validateFile(
  database: Database,
  path: string,
  definition: Definition,
  reference: ReferenceSchema | undefined,
): Promise<ValidatedFile> {
  const file = await openFile(database, path, wantedOf(definition, reference));
  try {
    return await validateSource(database, file, definition, reference);
  } catch (error) {
    if (error instanceof UnreadableDataError && file.format === 'parquet') throw brokenParquet(error);
    throw error;
  }
}

async function validateSource(
  database: Database,
  file: SourceFile,
  definition: Definition,
  reference: ReferenceSchema | undefined,
): Promise<ValidatedFile> {
  const names = file.columns.map(({ name }) => name);
  refuse([
    ...definitionFindings(definition, file.names),
    ...(reference ? nameFindings(names, reference) : []),
  ]);

  const known = new Map(reference?.columns.map(({ name, type }) => [name, type]));
  const columns = await typedColumns(database, file, file.columns.map(withRules(definition)), known);
  refuse([
    ...(await valueProblems(database, file, columns, reference)),
    ...(reference ? typeFindings(columns.flatMap(found), reference) : []),
    ...(await roleProblems(database, file, columns, definition)),
  ]);

  const part = await writePart(database, file, columns, definition);
  const relation = `read_parquet(${literal(part.path)})`;
  const profile = await profileRelation(database, relation, columns.flatMap(found), {
    seed: seedOf(part.partHash),
  });
  const measured = await measurePart(database, part, definition);
  return {
    format: file.format,
    columns: columns.flatMap(found),
    part,
    unlabelledRows: file.rows - part.rows,
    notes: [...file.notes],
    warnings: [
      ...(await disguisedColumns(database, file, columns, known)),
      ...(await missingOrValue(database, file, columns)),
      ...twinClasses(definition, measured.target),
    ],
    ...measured,
    profile,
  };
}

/** A column with what the definition says of it; `time` is a time without a word. */
function withRules(definition: Definition) {
  return (column: SourceColumn): SourceColumn => ({
    ...column,
    declared: declaredType(definition, column.name),
    vocabulary: vocabularyOf(definition, column.name),
  });
}

/** Files with different rows have different ones. */
function seedOf(partHash: string): number {
  return Number.parseInt(partHash.slice(0, 8), 16);
}

function wantedOf(definition: Definition, reference: ReferenceSchema | undefined): WantedColumns {
  const times = reference?.columns.flatMap(({ name, type }) => (type === 'timestamp' ? [name] : [])) ?? [];
  return {
    isUsed: (name) => isColumnUsed(definition, name),
    listsFeatures: definition.features.include !== undefined,
    times: definition.time === undefined ? times : [definition.time, ...times],
  };
}

function refuse(problems: readonly DataFinding[]): void {
  if (problems.length > 0) throw new UnacceptableFileError(problems);
}

function found({ source: { name }, type }: TypedColumn) {
  return [{ name, type }];
}

/** Values that are not of the column's known type, and infinite ones. */
async function valueProblems(
  database: Database,
  file: SourceFile,
  columns: readonly TypedColumn[],
  reference: ReferenceSchema | undefined,
): Promise<DataFinding[]> {
  const problems: DataFinding[] = [];
  for (const { source, reading, infinite } of columns) {
    const known = reference?.columns.find(({ name }) => name === source.name)?.type ?? null;
    if (reading === undefined && source.declared !== undefined) {
      problems.push(await declaredProblem(database, file, source, known));
    } else if (reading === undefined) {
      const widest = readingsOf(source, known ?? undefined).at(-1);
      const examples = widest ? await examplesOf(database, file, source, misfit(widest)) : [];
      problems.push(
        source.holds === 'text' && reference
          ? typeProblem(source.name, say`holds other values`, known, reference, examples)
          : beyondSigned(source.name, examples),
      );
    } else if (infinite > 0) {
      const examples = await examplesOf(database, file, source, `${reading.present} AND ${reading.infinite}`);
      problems.push(infiniteProblem(source.name, infinite, examples));
    }
  }
  return problems;
}

/** Values that are not of the type that the definition says. */
async function declaredProblem(
  database: Database,
  file: SourceFile,
  source: SourceColumn,
  known: ColumnType | null,
): Promise<DataFinding> {
  const { name, declared = 'string' } = source;
  const widest = readingsOf(source, known ?? undefined).at(-1);
  const examples = widest ? await examplesOf(database, file, source, misfit(widest)) : [];
  const noun = nouns[declared];
  return dataFinding(
    'column-type',
    say`${code(name)} has values that are not ${noun}, the first in ${examples[0]?.where ?? 'row 1'}.`,
    say`The definition says under ${code(`columns.${name}`)} that every value is.`,
    say`Correct the values; list spellings of a missing value under ${code(`columns.${name}.missing`)}; or correct the type (for a time, also its \`format\`) there.`,
    examples,
  );
}

const nouns = {
  number: 'a number',
  integer: 'a number',
  boolean: 'true or false',
  timestamp: 'a time',
  string: 'a text',
} as const satisfies Record<ColumnType, string>;

/** A typed column has one reading, which only unsigned integers may not fit. */
function beyondSigned(name: string, examples: DataFinding['examples']): DataFinding {
  return dataFinding(
    'column-type',
    say`${code(name)} holds integers beyond signed 64 bits, the first in ${examples[0]?.where ?? 'row 1'}.`,
    say`Whole numbers go up to 9,223,372,036,854,775,807; whether such a large one is a number or an identifier cannot be told.`,
    say`Say it in the definition: ${code(`columns: { ${yamlName(name)}: { type: text } }`)} for identifiers, ${code(`columns: { ${yamlName(name)}: { type: number } }`)} for numbers, which are then rounded to some 16 digits.`,
    examples,
  );
}

function infiniteProblem(name: string, count: number, examples: DataFinding['examples']): DataFinding {
  return dataFinding(
    'infinite-values',
    say`${code(name)} is infinite or out of range in ${counted(count, 'row')}.`,
    say`Training computes with numbers of 32 bits, up to 3.4e38, and with times of the years 1 to 9999; other values are traces of an error of arithmetic or of a faulty sensor, and it would fail on them.`,
    say`Correct the values, or leave them empty, which means missing.`,
    examples,
  );
}

/** Whether the target and the time are of a type that can be used as such. */
async function roleProblems(
  database: Database,
  file: SourceFile,
  columns: readonly TypedColumn[],
  { target, time, weight, problem: kind }: Definition,
): Promise<DataFinding[]> {
  const problems: DataFinding[] = [];
  const byName = (name: string) => columns.find(({ source }) => source.name === name);
  const targetColumn = byName(target.column);
  const mustBeNumber = kind === 'regression' || 'above' in target;
  if (mustBeNumber && targetColumn && !['integer', 'number', null].includes(targetColumn.type)) {
    const why =
      kind === 'regression' ? say`A regression predicts a number.` : say`Only a number can be above another.`;
    problems.push(await notOf('number', targetColumn, 'target-type', why, targetRemedy, database, file));
  }
  const timeColumn = time === undefined ? undefined : byName(time);
  if (timeColumn && !['timestamp', null].includes(timeColumn.type)) {
    const why = say`The definition names it as \`time\`: rows are split by it.`;
    const remedy = (texts: readonly string[]) => timeRemedy(timeColumn.source.name, texts);
    problems.push(await notOf('timestamp', timeColumn, 'time-type', why, remedy, database, file));
  }
  const weightColumn = weight === undefined ? undefined : byName(weight);
  if (weightColumn && !['integer', 'number', null].includes(weightColumn.type)) {
    const why = say`The definition names it as \`weight\`: a row counts as much in training.`;
    problems.push(await notOf('number', weightColumn, 'weight-type', why, weightRemedy, database, file));
  } else if (weightColumn) problems.push(...(await weightFindings(database, file, weightColumn)));
  return problems;
}

const targetRemedy = say`Write every value as a number with a decimal point, such as 1234.5, and leave unknown ones empty, or list how they are spelled as \`missing\` under \`columns\`; or correct \`problem\` and \`target\` in the definition.`;
const weightRemedy = say`Write every weight as a number from 0 on, leave it empty where it is not known, or name another column in \`weight\`.`;

async function notOf(
  wanted: 'number' | 'timestamp',
  { source, type }: TypedColumn,
  check: string,
  why: Sentence,
  remedy: Sentence | ((examples: readonly string[]) => Sentence),
  database: Database,
  file: SourceFile,
): Promise<DataFinding> {
  const reading = readingsOf(source, wanted).find((each) => each.type === wanted);
  const examples = reading ? await examplesOf(database, file, source, misfit(reading)) : [];
  const noun = wanted === 'number' ? 'a number' : 'a time';
  return dataFinding(
    check,
    say`${code(source.name)} is not ${noun} in every row; it was read as ${type ?? 'nothing'}.`,
    why,
    typeof remedy === 'function' ? remedy(examples.map(({ text }) => text)) : remedy,
    examples,
  );
}
