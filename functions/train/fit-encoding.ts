import type { Encoding, FeatureEncoding } from '../datasets/encoding.schema.ts';
import { encodedColumnsOf } from '../datasets/encoding.ts';
import { cycleDays } from '../datasets/encoding-time.ts';
import type { Problem } from '../definition/definition.schema.ts';
import type { Category, ColumnStatistics } from './column-statistics.ts';
import { NoUsableFeatureError } from './features.ts';
import type { Labelling } from './labels.ts';

/** What is fitted, and what is said about what was not. */
export interface Fit {
  readonly encoding: Encoding;
  /** A sentence for each column that was left out. */
  readonly notes: readonly string[];
}

/** What the encoding is for. */
export interface FitTarget {
  readonly model: string;
  readonly problem: Problem;
  readonly column: string;
  readonly labelling: Labelling;
  readonly trainRows: number;
  /** Mean of the training labels; the value of a category that nothing is known about. */
  readonly meanLabel: number;
}

/**
 * Rows that the mean of all labels counts for in a category's mean: (sum + 20 * mean of all) / (rows + 20). The usual smoothing of
 * target encoding (Micci-Barreca, SIGKDD Explorations 3, 2001), with a weight that keeps a category of the fewest rows near the
 * mean of all.
 */
const priorRows = 20;

/** Codes keep as many digits: XGBoost's 32-bit floats hold 7, and the last ones depend on the order of a sum. */
const codeDigits = 9;

/** A text of which more than half of the values differ names rows, not groups of rows. */
const identifierShare = 0.5;

const millisecondsPerDay = 86_400_000;
/** A part of the time that has not come round twice cannot be told apart from the passing of time. */
const minimumCycles = 2;
const allParts = ['hour', 'day-of-week', 'day-of-month', 'month', 'day-of-year'] as const;

/** Fits the encoding to what the training rows hold. @throws NoUsableFeatureError */
export function fitEncoding(target: FitTarget, columns: readonly ColumnStatistics[]): Fit {
  const fitted = columns.map((statistics) => fitFeature(target, statistics));
  const features = fitted.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  const notes = fitted.filter((each) => typeof each === 'string');
  if (features.length === 0) {
    throw new NoUsableFeatureError(
      `There is no column left to learn from. ${notes.join(' ')} Feed data with columns that vary, or include other columns.`,
    );
  }
  const { model, problem, column, labelling } = target;
  return {
    encoding: {
      schemaVersion: 1,
      model,
      problem,
      target: { column, above: labelling.above, classes: [...labelling.classes] },
      ...withComma(features),
    },
    notes,
  };
}

/**
 * SageMaker's XGBoost guesses the delimiter from a payload's first line, and takes a digit or a sign for one when there is no comma
 * (`csv.Sniffer`); it also drops empty lines. So a lone column is written twice, which changes no tree.
 */
function withComma(features: readonly FeatureEncoding[]): Pick<Encoding, 'features' | 'encodedColumns'> {
  const names = features.flatMap(encodedColumnsOf);
  const [only, ...others] = names;
  return only === undefined || others.length > 0
    ? { features: [...features], encodedColumns: names }
    : { features: [...features, ...features], encodedColumns: [only, `${only} (again)`] };
}

/** The feature, or why there is none. */
function fitFeature(target: FitTarget, statistics: ColumnStatistics): FeatureEncoding | string {
  const { column, present, lowest, highest } = statistics;
  const { name, type } = column;
  if (present === 0) return `${name} was left out: it has no values in the training rows.`;
  if (type === 'string') return fitCategory(target, statistics);
  // One value beside missing ones still tells two kinds of rows apart.
  if (lowest === highest && present === target.trainRows) return constant(name);
  switch (type) {
    case 'integer':
    case 'number':
      return { kind: 'number', column: name };
    case 'boolean':
      return { kind: 'boolean', column: name };
    case 'timestamp':
      return fitTime(statistics);
  }
}

function fitTime({ column, lowest, highest, hasTimeOfDay }: ColumnStatistics): FeatureEncoding | string {
  const days = ((highest ?? 0) - (lowest ?? 0)) / millisecondsPerDay;
  const parts = allParts.filter(
    (part) => days >= minimumCycles * cycleDays[part] && (part !== 'hour' || hasTimeOfDay),
  );
  if (parts.length > 0) return { kind: 'time', column: column.name, parts };
  return `${column.name} was left out: ${days.toFixed(1)} days of training rows show no part of the time twice.`;
}

function fitCategory(
  { problem, meanLabel, trainRows }: FitTarget,
  { column, present, distinct, categories }: ColumnStatistics,
): FeatureEncoding | string {
  const { name } = column;
  if (isIdentifier({ distinct, present })) {
    return `${name} was left out: most of its values differ (about ${Math.round(distinct)} in ${present} training rows), as those of an identifier do.`;
  }
  if (distinct <= 1 && present === trainRows) return constant(name);
  // `__proto__` is the one name that an object in JSON cannot safely hold.
  const known = categories.filter(({ value }) => value !== '__proto__');
  if (known.length === 0)
    return `${name} was left out: none of its values occurs often enough to learn from.`;
  return problem === 'multiclass'
    ? { kind: 'category', column: name, method: 'index', values: ranks(known), other: known.length }
    : {
        kind: 'category',
        column: name,
        method: 'target-mean',
        values: Object.fromEntries(known.map((each) => [each.value, smoothedMean(each, meanLabel)])),
        other: rounded(meanLabel),
      };
}

/** Whether a text column names rows rather than groups of rows. */
export function isIdentifier({ distinct, present }: Pick<ColumnStatistics, 'distinct' | 'present'>): boolean {
  return distinct > identifierShare * present;
}

function constant(name: string): string {
  return `${name} was left out: it has only one value in the training rows.`;
}

/** Most frequent first, from 0. */
function ranks(known: readonly Category[]): Record<string, number> {
  return Object.fromEntries(known.map(({ value }, rank) => [value, rank]));
}

function smoothedMean({ rows, meanLabel }: Category, meanOfAll: number): number {
  return rounded((rows * meanLabel + priorRows * meanOfAll) / (rows + priorRows));
}

function rounded(value: number): number {
  return Number(value.toPrecision(codeDigits));
}
