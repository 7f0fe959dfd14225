import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { timeParts } from '@tidemark/domain/datasets/encoding.schema.ts';
import { encodedColumnsOf } from '@tidemark/domain/datasets/encoding.ts';
import { cycleDays } from '@tidemark/domain/datasets/encoding-time.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { UnusedColumn } from '@tidemark/domain/windows/unused-column.schema.ts';
import { spelled } from '@tidemark/domain/windows/unused-columns.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import { cell, counted, reveal, say } from '@tidemark/statistics/sentence.ts';
import type { ColumnFinding } from './column-finding.schema.ts';
import { leftOut, warned } from './column-findings.ts';
import { type Category, type ColumnStatistics, minimumCategoryRows } from './column-statistics.ts';
import { disguisedFinding } from './disguised-text.ts';
import { NoUsableFeatureError } from './features.ts';
import type { Labelling } from './target-labels.ts';

/** What is fitted, and what is said about columns that are not, or only in part. */
export interface Fit {
  readonly encoding: Encoding;
  readonly findings: readonly ColumnFinding[];
  /** Columns that are left out, as windows of predictions watch them. */
  readonly unused: readonly UnusedColumn[];
}

/** What the encoding is for. */
export interface FitTarget {
  readonly model: string;
  readonly problem: ProblemType;
  readonly column: string;
  readonly labelling: Labelling;
  readonly spelling?: Encoding['target']['spelling'];
  readonly trainRows: number;
  /** Mean of the training labels; the value of a category that nothing is known about. */
  readonly meanLabel: number;
  /** Columns that the definition includes by name: numbers that count rows are then kept. */
  readonly included: readonly string[];
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

/** What becomes of a column. */
interface Fitted {
  readonly feature?: FeatureEncoding;
  readonly finding?: ColumnFinding;
  /** The only value, of a column that is left out for it. */
  readonly only?: string | null;
}

/** Fits the encoding to what the training rows hold. @throws NoUsableFeatureError */
export function fitEncoding(target: FitTarget, columns: readonly ColumnStatistics[]): Fit {
  const fitted = columns.map((statistics) => fitFeature(target, statistics));
  const features = fitted.flatMap(({ feature }) => feature ?? []);
  const findings = fitted.flatMap(({ finding }) => finding ?? []);
  if (features.length === 0) {
    throw new NoUsableFeatureError(
      `There is no column left to learn from. ${findings.map(({ announcement }) => announcement).join(' ')} Feed data with columns that vary, or include other columns.`,
    );
  }
  const { model, problem, column, labelling, spelling } = target;
  return {
    encoding: {
      schemaVersion: 1,
      model,
      problem,
      target: {
        column,
        above: labelling.above,
        classes: [...labelling.classes],
        ...(labelling.others ? { others: [...labelling.others] } : {}),
        ...(spelling ? { spelling } : {}),
      },
      ...withComma(features),
    },
    findings,
    unused: fitted.flatMap((each, index) => unusedOf(each, columns[index], target.trainRows)),
  };
}

function unusedOf(
  { feature, only }: Fitted,
  statistics: ColumnStatistics | undefined,
  trainRows: number,
): UnusedColumn[] {
  if (feature !== undefined || statistics === undefined) return [];
  const { name: column, type } = statistics.column;
  const presentShare = statistics.present / trainRows;
  if (statistics.present === 0) return [{ column, type, was: 'empty', only: null, presentShare }];
  const value = only === undefined ? null : spelled(type, only);
  return [{ column, type, was: value === null ? 'varied' : 'constant', only: value, presentShare }];
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

function fitFeature(target: FitTarget, statistics: ColumnStatistics): Fitted {
  const { column, present, lowest, highest } = statistics;
  const { name, type } = column;
  const { trainRows } = target;
  if (present === 0) {
    return { finding: leftOut('empty', statistics, trainRows, { clause: say`no training row has a value` }) };
  }
  if (type === 'string') return fitText(target, statistics);
  // One value beside missing ones still tells two kinds of rows apart.
  if (lowest === highest && present === trainRows)
    return constant(target, statistics, numberText(statistics));
  switch (type) {
    case 'integer':
    case 'number':
      return fitNumber(target, statistics);
    case 'boolean':
      return { feature: { kind: 'boolean', column: name } };
    case 'timestamp':
      return fitTime(target, statistics);
    default:
      return unreachable(type);
  }
}

function fitNumber({ trainRows, included }: FitTarget, statistics: ColumnStatistics): Fitted {
  const { name } = statistics.column;
  const feature = { kind: 'number' as const, column: name };
  if (!statistics.countsRows) return { feature };
  if (included.includes(name)) {
    const clause = say`holds whole numbers that count rows, as those of an identifier do, and is used because \`features.include\` names it. New rows have values that training did not know.`;
    return { feature, finding: warned('included-identifier', statistics, trainRows, true, { clause }) };
  }
  const clause = say`its whole numbers count rows, as those of an identifier do. Name it in \`features.include\`, with the other columns to use, to keep it`;
  return { finding: leftOut('identifier', statistics, trainRows, { clause }) };
}

function fitTime({ trainRows }: FitTarget, statistics: ColumnStatistics): Fitted {
  const { column, lowest, highest, hasTimeOfDay } = statistics;
  const days = ((highest ?? 0) - (lowest ?? 0)) / millisecondsPerDay;
  const parts = timeParts.filter(
    (part) => days >= minimumCycles * cycleDays[part] && (part !== 'hour' || hasTimeOfDay),
  );
  if (parts.length > 0) return { feature: { kind: 'time', column: column.name, parts } };
  const clause = say`${Math.round(10 * days) / 10} days of training rows show no part of the time twice`;
  return { finding: leftOut('short-time', statistics, trainRows, { clause }) };
}

function fitText(target: FitTarget, statistics: ColumnStatistics): Fitted {
  const { trainRows } = target;
  const { present, distinct, categories } = statistics;
  if (present < minimumCategoryRows) {
    const clause = say`it has a value in ${counted(present, 'row')} of ${trainRows}: too rare`;
    return { finding: leftOut('too-rare', statistics, trainRows, { clause }) };
  }
  if (distinct <= 1 && present === trainRows)
    return constant(target, statistics, categories[0]?.value ?? null);
  // `__proto__` is the one name that an object in JSON cannot safely hold.
  const known = categories.filter(({ value }) => value !== '__proto__');
  const disguised = disguisedFinding(statistics, trainRows, known.length > 0);
  if (known.length === 0) return { finding: disguised ?? unspelled(statistics, trainRows) };
  const feature = categoryFeature(target, statistics.column.name, known);
  if (disguised !== undefined) return { feature, finding: disguised };
  if (!statistics.isFreeText) return { feature };
  const rare = present - known.reduce((sum, { rows }) => sum + rows, 0);
  const clause = say`is free text: in ${rare} of ${present} training rows it is too rare to be a category, and the model takes all of these for the same. What the words say is not read yet.`;
  return { feature, finding: warned('mostly-rare-text', statistics, trainRows, true, { clause }) };
}

/** Why a text of which no value is known is left out. */
function unspelled(statistics: ColumnStatistics, trainRows: number): ColumnFinding {
  if (statistics.isFreeText) {
    const clause = say`it is free text, of several words, which the model cannot read yet. If it tells nothing, write it in \`features.exclude\``;
    return leftOut('free-text', statistics, trainRows, { clause }, 'warning');
  }
  const { distinct, present } = statistics;
  if (isIdentifier(statistics)) {
    const clause = say`most of its values differ (about ${Math.round(distinct)} in ${present} training rows), as those of an identifier do`;
    return leftOut('identifier', statistics, trainRows, { clause });
  }
  const clause = say`none of its values is in ${minimumCategoryRows} training rows, which is what it takes to learn from one`;
  return leftOut('rare-values', statistics, trainRows, { clause });
}

function categoryFeature(
  { problem, meanLabel }: FitTarget,
  name: string,
  known: readonly Category[],
): FeatureEncoding {
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

/** @param value as text; `null` if it is not known */
function constant({ trainRows }: FitTarget, statistics: ColumnStatistics, value: string | null): Fitted {
  const clause = say`it has only one value in the training rows`;
  const withValue =
    value === null ? clause : reveal`it has only one value, ${cell(value)}, in the training rows`;
  return { only: value, finding: leftOut('constant', statistics, trainRows, { clause, withValue }) };
}

function numberText({ column, lowest }: ColumnStatistics): string {
  if (column.type === 'boolean') return lowest === 0 ? 'false' : 'true';
  return column.type === 'timestamp' ? new Date(lowest ?? 0).toISOString() : String(lowest);
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
