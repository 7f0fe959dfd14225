import { stat } from 'node:fs/promises';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { SplitName } from '@tidemark/domain/datasets/manifest.schema.ts';
import { readParts } from '@tidemark/domain/datasets/read-parts.ts';
import { labelColumn, splitColumn } from '@tidemark/domain/datasets/row-hash.ts';
import { splitByEntity } from '@tidemark/domain/datasets/split.ts';
import { declaredType, vocabularyOf } from '@tidemark/domain/definition/column-vocabulary.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { UnusedColumn } from '@tidemark/domain/windows/unused-column.schema.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { rowGroupRows } from '@tidemark/statistics/tables/row-groups.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import type { ColumnFinding } from './column-finding.schema.ts';
import { withDisguises } from './disguised-text.ts';
import { encodeFile } from './encode-file.ts';
import { columnsKeptOut, featureColumns, requireColumn, segmentColumns, targetColumn } from './features.ts';
import { fitEncoding } from './fit-encoding.ts';
import { leakFindings } from './leak-findings.ts';
import { weightNotes, weightOf } from './row-weights.ts';
import { type SplitSummary, splitLabelsQuery, splitLabelsSchema, summariseSplits } from './split-labels.ts';
import { studyColumns } from './study-columns.ts';
import {
  type Labelling,
  labelling,
  targetValueSchema,
  targetValuesQuery,
  unknownClass,
} from './target-labels.ts';
import { type TrainingWindow, windowOf } from './training-window.ts';
import { refuseUnholdable } from './unholdable.ts';
import type { UnreadText } from './unread-text.schema.ts';
import { measureUnreadTexts } from './unread-text.ts';
import { withVocabulary } from './vocabulary.ts';

/** A dataset whose parts have been downloaded. */
export interface LocalDataset {
  readonly columns: readonly Column[];
  readonly partPaths: readonly string[];
  /** The keys at which the rows of each part were dropped. */
  readonly partKeys?: readonly (readonly string[])[];
  /** Spellings that some of its files took for missing in texts. */
  readonly missingInTexts?: readonly string[];
}

/** What `fitData` found. */
export interface FittedData extends SplitSummary {
  readonly encoding: Encoding;
  /** About columns that the encoding leaves out, and those that are used with a warning. */
  readonly findings: readonly ColumnFinding[];
  readonly unused: readonly UnusedColumn[];
  readonly unreadTexts: readonly UnreadText[];
}

/** Files for training and judging, on the database's scratch disk. */
export interface PreparedFiles {
  readonly train: string;
  readonly validation: string;
  readonly holdoutFeatures: string;
  readonly holdoutRows: string;
  /** Of the training and the validation file. */
  readonly bytes: number;
}

/** The view of all rows, with their labels. */
const rowsView = 'labelled_rows';

/**
 * Decides how the target becomes a label and fits the encoding, both on the training rows; afterwards the database holds every
 * row with its label.
 * @throws InvalidInputError when there is nothing to learn from or to judge on
 */
export async function fitData(
  database: Database,
  definition: Definition,
  dataset: LocalDataset,
): Promise<FittedData> {
  const { columns, partPaths, missingInTexts = [] } = dataset;
  const { problem, name: model } = definition;
  segmentColumns(definition, columns);
  const target = targetColumn(definition, columns);
  const parts = splitAnew(definition, columns, readParts(partPaths, columns));
  const window = await heldRows(database, definition, dataset, parts);
  const labels = await decideLabels(database, definition, window.rows, target);
  const summary = summariseSplits(
    await database.rows(
      splitLabelsQuery(`SELECT * FROM ${rowsView}`, labelColumn, problem === 'regression'),
      splitLabelsSchema,
    ),
    labels.classes,
  );
  const rows = {
    sql: sideQuery('train', problem === 'regression'),
    label: labelColumn,
    problem,
    time: columns.some(({ name }) => name === definition.time) ? definition.time : undefined,
    files: partPaths.length,
  };
  const trainRows = summary.rows.train;
  const studied = await studyColumns(database, rows, featureColumns(definition, columns));
  const statistics = await withDisguises(
    database,
    rows.sql,
    studied.map((each) => each.statistics),
    (column) => declaredType(definition, column) !== undefined,
  );
  const fit = fitEncoding(
    {
      model,
      problem,
      column: target.name,
      labelling: labels,
      spelling: spellingOf(definition, target),
      trainRows,
      meanLabel: summary.meanLabel,
      included: definition.features.include ?? [],
    },
    statistics,
  );
  const vocabulary = await withVocabulary(database, fit.encoding, rows.sql, statistics, trainRows, {
    missingInTexts,
    declared: (column) => vocabularyOf(definition, column),
  });
  const { encoding } = vocabulary;
  const used = new Set(encoding.features.map(({ column }) => column));
  const leaks = leakFindings(studied, { target: target.name, classes: labels.classes, trainRows, used });
  const keptOut = columnsKeptOut(definition, columns, trainRows);
  const notes = [
    ...window.notes,
    ...summary.notes,
    ...(await entityNotes(database, definition)),
    ...(await weightNotes(database, definition, columns, rows.sql)),
  ];
  return {
    ...summary,
    encoding,
    notes,
    unused: fit.unused,
    unreadTexts: await measureUnreadTexts(
      database,
      {
        train: rows.sql,
        validation: sideQuery('validation', problem === 'regression'),
        label: labelColumn,
        problem,
        classes: labels.classes.length,
      },
      unreadTexts(fit.findings, leaks),
    ),
    findings: [...leaks, ...vocabulary.findings, ...fit.findings, ...keptOut],
  };
}

/** The rows that the training uses. @throws UnholdableValueError when it could not compute with a value of theirs */
async function heldRows(
  database: Database,
  definition: Definition,
  { columns, partPaths, partKeys = [] }: LocalDataset,
  rows: string,
): Promise<TrainingWindow> {
  const { target, time, weight, retraining, ingestion } = definition;
  const parts = partPaths.map((path, index) => ({ path, keys: partKeys[index] ?? [path] }));
  const features = featureColumns(definition, columns);
  const uses = { features, replaces: ingestion.mode === 'replace' };
  const used = columns.filter(
    (column) => [target.column, time, weight].includes(column.name) || features.includes(column),
  );
  // An infinite time would be the end of the window.
  if (retraining.data === 'window') {
    const times = columns.filter(({ name }) => name === time);
    await refuseUnholdable(database, rows, times, parts, uses);
  }
  const window = await windowOf(database, definition, columns, rows);
  await refuseUnholdable(database, window.rows, used, parts, uses);
  return window;
}

/** Columns of free text that the model does not read, or reads in part; what gives the answer away by being there is no promise. */
function unreadTexts(findings: readonly ColumnFinding[], leaks: readonly ColumnFinding[]): string[] {
  const leaking = new Set(leaks.map(({ column }) => column));
  return findings
    .filter(({ code, column }) => ['free-text', 'mostly-rare-text'].includes(code) && !leaking.has(column))
    .map(({ column }) => column);
}

/**
 * The rows with the sides that the definition's entity gives them. Parts that were accepted under another definition were split by
 * something else, and a customer of theirs must not be on two sides either.
 */
function splitAnew({ entity, split }: Definition, columns: readonly Column[], rows: string): string {
  if (entity === undefined) return rows;
  const column = requireColumn(entity, columns, 'entity');
  return `SELECT * REPLACE (${splitByEntity(column, split)} AS ${splitColumn}) FROM (${rows})`;
}

async function entityNotes(database: Database, { entity }: Definition): Promise<string[]> {
  if (entity === undefined) return [];
  const { missing } = await database.row(
    `SELECT count(*) AS missing FROM ${rowsView} WHERE ${identifier(entity)} IS NULL`,
    z.object({ missing: wholeNumber }),
  );
  if (missing === 0) return [];
  return [
    `${missing} rows have no \`${entity}\`: each of them is split by its own content, because it is not known whose they are.`,
  ];
}

/** Writes the splits in the encoding, and the raw hold-out rows. After `fitData`. */
export async function writeSplits(
  database: Database,
  { columns }: LocalDataset,
  encoding: Encoding,
  weightColumn?: string,
): Promise<PreparedFiles> {
  const files = {
    train: database.path('train.csv'),
    validation: database.path('validation.csv'),
    holdoutFeatures: database.path('features.csv'),
    holdoutRows: database.path('rows.parquet'),
  };
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const isRegression = encoding.problem === 'regression';
  const weight =
    weightColumn === undefined
      ? undefined
      : await weightOf(database, weightColumn, {
          train: sideQuery('train', isRegression),
          validation: sideQuery('validation', isRegression),
        });
  for (const side of ['train', 'validation'] as const) {
    const rows = sideQuery(side, isRegression);
    const job = { rows, columns: types, encoding, label: labelColumn, weight };
    await encodeFile(database, { ...job, path: files[side] });
  }
  await database.writeParquet(
    holdoutQuery(columns, encoding.target.column),
    files.holdoutRows,
    rowGroupRows(columns.length),
  );
  await writeHoldoutFeatures(database, files.holdoutRows, columns, encoding, files.holdoutFeatures);
  const bytes = (await stat(files.train)).size + (await stat(files.validation)).size;
  return { ...files, bytes };
}

/**
 * Writes the hold-out in an encoding, without labels. It reads the file of raw rows, so that whatever is written, scored or
 * measured later is in that file's order.
 */
export async function writeHoldoutFeatures(
  database: Database,
  holdoutRows: string,
  columns: readonly Column[],
  encoding: Encoding,
  path: string,
): Promise<void> {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const rows = `SELECT * FROM read_parquet(${literal(holdoutRows)})`;
  await encodeFile(database, { rows, columns: types, encoding, label: null, path });
}

async function decideLabels(
  database: Database,
  definition: Definition,
  source: string,
  target: Column,
): Promise<Labelling> {
  const isAsked = definition.problem !== 'regression' && !('above' in definition.target);
  const values = isAsked
    ? await database.rows(targetValuesQuery(source, target, definition), targetValueSchema)
    : [];
  const labels = labelling(definition, target, values);
  await database.run(
    `CREATE TEMP VIEW ${rowsView} AS SELECT *, ${labels.sql} AS ${labelColumn} FROM (${source})`,
  );
  return labels;
}

/** Rows of a side that a model can be shown: those of a class that it knows. A number is never the unknown class's. */
function sideQuery(side: Exclude<SplitName, 'holdout'>, isRegression: boolean): string {
  const rows = `SELECT * FROM ${rowsView} WHERE _split = ${literal(side)}`;
  return isRegression ? rows : `${rows} AND ${labelColumn} <> ${unknownClass}`;
}

/** The hold-out's labels and raw columns. The target itself is in the label. */
function holdoutQuery(columns: readonly Column[], target: string): string {
  const raw = columns.filter(({ name }) => name !== target).map(({ name }) => identifier(name));
  return `SELECT ${[labelColumn, ...raw].join(', ')} FROM ${rowsView} WHERE _split = 'holdout'`;
}

/** How the data spell a column, as labels may. */
function spellingOf(definition: Definition, { name, type }: Column): Encoding['target']['spelling'] {
  const { missing } = vocabularyOf(definition, name);
  return missing === undefined ? { type } : { type, missing: [...missing] };
}
