import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { cycleDays } from '@tidemark/domain/datasets/encoding-time.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { Baseline, SegmentPlan, WindowPlan } from '@tidemark/domain/windows/baseline.schema.ts';
import type { MonitoredColumn } from '@tidemark/domain/windows/monitored.schema.ts';
import {
  fromLine,
  fromPrediction,
  monitoredColumns,
  predictionColumn,
} from '@tidemark/domain/windows/monitored-form.ts';
import { planColumns, profiledColumn } from '@tidemark/domain/windows/plan-columns.ts';
import { type CountedRow, WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { calibrationEdges } from '@tidemark/statistics/drift/calibration-edges.ts';
import { calibrationOf, measureMetric } from '@tidemark/statistics/drift/judge-quality.ts';
import { predictionCertainty } from '@tidemark/statistics/drift/prediction-bin.ts';
import type { Calibration, HoldoutBlock, MeasuredMetric } from '@tidemark/statistics/drift/quality.schema.ts';
import { measure } from '@tidemark/statistics/metrics/measure.ts';
import { mainMetric } from '@tidemark/statistics/metrics/metric.ts';
import type { MetricName } from '@tidemark/statistics/metrics/metric-facts.ts';
import {
  type MulticlassPredictions,
  type Predictions,
  selectRows,
} from '@tidemark/statistics/metrics/predictions.ts';
import type { Profile } from '@tidemark/statistics/profile/profile.schema.ts';
import { Profiler } from '@tidemark/statistics/profile/profiler.ts';
import type { Evaluation } from './evaluation.schema.ts';
import type { Holdout } from './holdout.ts';
import { holdoutBlocks } from './holdout-blocks.ts';
import type { Preparation } from './preparation.schema.ts';
import { readLines } from './read-lines.ts';
import { minimumSegmentRows } from './segments.ts';

/** What a baseline is made of. */
export interface BaselineSources {
  readonly preparation: Preparation;
  readonly encoding: Encoding;
  readonly evaluation: Evaluation;
  readonly predictions: Predictions;
  /** What the model answered: `width` numbers per row of the hold-out. */
  readonly scores: Float64Array;
  readonly width: number;
  readonly segments: Holdout['segments'];
  /** When each row of the hold-out happened, as `readTimes` has it; `null` for data without times. */
  readonly times: Float64Array | null;
  /** `train/data.csv` and `holdout/features.csv`. */
  readonly trainPath: string;
  readonly holdoutPath: string;
}

/** Quantiles of so many rows are within 0.4 % of those of all, which is plenty to place 20 bins. */
const plannedRows = 100_000;
/** Values of a segment column that are told apart: more than anybody reads of a report. */
const listedSegments = 20;

/**
 * Describes the hold-out as windows of predictions will be.
 * @returns `undefined` when the hold-out does not allow the metric that quality is told by: no gate then passes either.
 */
export async function makeBaseline(sources: BaselineSources): Promise<Baseline | undefined> {
  const { preparation, encoding, evaluation, predictions } = sources;
  const metric = mainMetric[predictions.problem];
  const measured = measureMetric(metric, predictions);
  const guess = evaluation.guess.metrics[metric];
  if (!measured || guess === undefined) return undefined;
  const calibration = calibrate(predictions, evaluation.decisionThreshold);
  const training = await profileTraining(sources);
  const segments = await segmentsOfRows(sources);
  const plan: WindowPlan = {
    runId: preparation.runId,
    problem: encoding.problem,
    columns: monitoredColumns(encoding),
    bins: planColumns(training, predicted(sources)),
    timeParts: timePartsOf(encoding),
    predictionEdges: [...calibration.edges],
    segments: segments.map(({ plan }) => plan),
    unused: preparation.unused,
  };
  return {
    schemaVersion: 1,
    model: preparation.model,
    datasetId: preparation.dataset.datasetId,
    plan,
    plannedRows: training.rows,
    classes: [...preparation.classes],
    decisionThreshold: evaluation.decisionThreshold,
    holdout: await countHoldout(plan, sources),
    quality: qualityOf(
      measured,
      guess,
      calibration,
      blocksOf(sources, metric, calibration),
      sources,
      segments,
    ),
  };
}

function timePartsOf({ features }: Encoding): WindowPlan['timeParts'] {
  return features.flatMap((feature) =>
    feature.kind === 'time'
      ? feature.parts.map((part) => ({ name: `${feature.column}.${part}`, cycleDays: cycleDays[part] }))
      : [],
  );
}

const windowMilliseconds = { hour: 3_600_000, day: 86_400_000 } as const;

/** What windows without change look like; none of a hold-out without times, which may be rows of any time. */
function blocksOf(sources: BaselineSources, metric: MetricName, { edges }: Calibration): HoldoutBlock[] {
  const { times, preparation } = sources;
  if (times === null) return [];
  const { every, quality } = preparation.definition.monitoring;
  return holdoutBlocks({ ...sources, times }, metric, {
    milliseconds: windowMilliseconds[every],
    minimumRows: quality.minimumLabels,
    predictionEdges: edges,
  });
}

function calibrate(predictions: Predictions, threshold: number | null): Calibration {
  switch (predictions.problem) {
    case 'multiclass': {
      const { classes } = predictions;
      return calibrationOf(predictions, calibrationEdges(certainties(predictions), null, classes));
    }
    case 'binary':
      return calibrationOf(predictions, calibrationEdges(predictions.probabilities, threshold));
    case 'regression':
      return calibrationOf(predictions, calibrationEdges(predictions.values, null));
    default:
      return unreachable(predictions);
  }
}

function certainties({ classes, probabilities }: MulticlassPredictions): Float64Array {
  return Float64Array.from({ length: probabilities.length / classes }, (_, row) =>
    predictionCertainty(probabilities.subarray(row * classes, (row + 1) * classes)),
  );
}

function predicted({ predictions, scores, preparation }: BaselineSources) {
  return predictions.problem === 'multiclass' ? { classes: preparation.classes } : { values: scores };
}

/** A line without the label and, if there is one, the weight. */
function featuresOf(line: string, leading: number): string {
  let start = 0;
  for (let field = 0; field < leading; field += 1) start = line.indexOf(',', start) + 1;
  return line.slice(start);
}

/** Every so many rows of the training split, whose first field is the label. */
async function profileTraining({ preparation, encoding, trainPath }: BaselineSources): Promise<Profile> {
  const features = monitoredColumns(encoding).filter(({ name }) => name !== predictionColumn);
  const profiler = new Profiler(features.map(profiledColumn));
  const stride = Math.max(1, Math.ceil(preparation.rows.train / plannedRows));
  const leading = preparation.definition.weight === undefined ? 1 : 2;
  let row = 0;
  for await (const line of readLines(trainPath)) {
    if (row % stride === 0) profiler.addRow(fromLine(encoding, featuresOf(line, leading)));
    row += 1;
  }
  return profiler.finish();
}

async function countHoldout(plan: WindowPlan, sources: BaselineSources) {
  const counter = new WindowCounter(plan, sources.encoding);
  for await (const row of holdoutRows(sources)) counter.addTimeless(row);
  return counter.facts();
}

/** The hold-out in monitored form. Of its records, the segment columns are held. */
async function* holdoutRows({
  encoding,
  holdoutPath,
  scores,
  width,
  segments,
}: BaselineSources): AsyncGenerator<CountedRow> {
  const columns = [...segments].map(([column, rowsOf]) => ({ column, values: valuesByRow(rowsOf) }));
  let row = 0;
  for await (const line of readLines(holdoutPath)) {
    const prediction = [...scores.subarray(row * width, (row + 1) * width)];
    const record = Object.fromEntries(columns.map(({ column, values }) => [column, values[row] ?? null]));
    yield { values: [...fromLine(encoding, line), fromPrediction(encoding, prediction)], prediction, record };
    row += 1;
  }
}

function valuesByRow(rowsOf: ReadonlyMap<string | null, readonly number[]>): (string | null)[] {
  const values: (string | null)[] = [];
  for (const [value, rows] of rowsOf) for (const row of rows) values[row] = value;
  return values;
}

/** A segment column, and the hold-out's rows of each value that is told apart. */
interface SegmentRows {
  readonly plan: SegmentPlan;
  readonly rowsOf: ReadonlyMap<string, readonly number[]>;
}

/**
 * Segments as windows will have them: a column of categories that the model reads by its monitored names, so that callers of the
 * function and of the endpoint are told apart alike; any other column by the record as it is sent.
 */
async function segmentsOfRows(sources: BaselineSources): Promise<SegmentRows[]> {
  const columns = monitoredColumns(sources.encoding);
  const monitored = await monitoredSegments(sources, columns);
  return [...sources.segments].map(([column, rowsOf]) => {
    const rows = monitored.get(column) ?? rowsOf;
    const listed = [...rows]
      .flatMap(([value, its]) => (value === null ? [] : [[value, its] as const]))
      .toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB.length - rowsOfA.length || (a < b ? -1 : 1))
      .slice(0, listedSegments);
    const source = monitored.has(column) ? ('monitored' as const) : ('record' as const);
    return { plan: { column, source, values: listed.map(([value]) => value) }, rowsOf: new Map(listed) };
  });
}

/** Row numbers by monitored value, of the segment columns that are monitored as categories. */
async function monitoredSegments(
  { encoding, holdoutPath, segments }: BaselineSources,
  columns: readonly MonitoredColumn[],
): Promise<ReadonlyMap<string, Map<string | null, number[]>>> {
  const positions = columns.flatMap(({ name, type }, position) =>
    segments.has(name) && type === 'category' ? [{ name, position }] : [],
  );
  const found = new Map(positions.map(({ name }) => [name, new Map<string | null, number[]>()]));
  if (positions.length === 0) return found;
  let row = 0;
  for await (const line of readLines(holdoutPath)) {
    const values = fromLine(encoding, line);
    for (const { name, position } of positions) append(found.get(name), values[position] ?? null, row);
    row += 1;
  }
  return found;
}

function append(rowsOf: Map<string | null, number[]> | undefined, value: unknown, row: number): void {
  const key = value === null ? null : String(value);
  const known = rowsOf?.get(key);
  if (known) known.push(row);
  else rowsOf?.set(key, [row]);
}

function qualityOf(
  measured: MeasuredMetric,
  guess: number,
  calibration: Calibration,
  blocks: HoldoutBlock[],
  { evaluation, predictions }: BaselineSources,
  segments: readonly SegmentRows[],
): Baseline['quality'] {
  return {
    ...measured,
    guess,
    calibration,
    blocks,
    metrics: evaluation.metrics,
    confidence: evaluation.confidence,
    segments: segments.map(({ plan: { column }, rowsOf }) => ({
      column,
      values: [...rowsOf].map(([value, rows]) => ({
        value,
        rows: rows.length,
        metrics:
          rows.length < minimumSegmentRows
            ? null
            : { ...measure(selectRows(predictions, Uint32Array.from(rows))) },
      })),
    })),
  };
}
