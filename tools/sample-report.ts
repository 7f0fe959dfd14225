import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { rowHash } from '@tidemark/domain/datasets/row-hash.ts';
import { splitByTime } from '@tidemark/domain/datasets/split.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { windowIdOf } from '@tidemark/domain/names.ts';
import type { Baseline } from '@tidemark/domain/windows/baseline.schema.ts';
import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';
import { fromPrediction, fromRecord } from '@tidemark/domain/windows/monitored-form.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { type Booster, type Matrix, XGBoost } from '@tidemark/xgboost';
import * as z from 'zod';
import { judgeWindow } from '../functions/monitor/judge-window.ts';
import type { WindowReport } from '../functions/monitor/report.schema.ts';
import { reportPage } from '../functions/monitor/report-page.ts';
import { makeBaseline } from '../functions/train/baseline.ts';
import { evaluateHoldout } from '../functions/train/evaluation.ts';
import { readHoldout, readTimes } from '../functions/train/holdout.ts';
import { type Preparation, preparationSchema } from '../functions/train/preparation.schema.ts';
import { fitData, writeSplits } from '../functions/train/prepare-data.ts';
import { predictionsOf } from '../functions/train/scored-predictions.ts';

/*
 * Writes docs/sample-report.html: `npx tsx tools/sample-report.ts`. A model learns from flights of January to March 2001 which will be late; the windows are
 * days of June, the last one with the flights of seven western airports alone. Rows are selected, never altered.
 */

const flightsFile = 'node_modules/vega-datasets/data/flights-3m.parquet';
const sampleFile = fileURLToPath(new URL('../docs/sample-report.html', import.meta.url));
const columns: Column[] = [
  { name: 'date', type: 'timestamp' },
  { name: 'delay', type: 'integer' },
  { name: 'distance', type: 'integer' },
  { name: 'origin', type: 'string' },
  { name: 'destination', type: 'string' },
];
const definition = definitionSchema.parse({
  name: 'flight-delay',
  problem: 'binary',
  target: { column: 'delay', above: 15 },
  segments: ['origin'],
  time: 'date',
});
/** The hold-out is the second half of April, as a model that predicts the future should be judged on. */
const cuts = { train: '2001-04-01', validation: '2001-04-15' };
const days = ['2001-06-05', '2001-06-06', '2001-06-07', '2001-06-08', '2001-06-09', '2001-06-10'];
const west = "origin IN ('LAX', 'SFO', 'SEA', 'PHX', 'LAS', 'SAN', 'PDX')";

const flightSchema = z.object({
  date: z.string(),
  delay: wholeNumber,
  distance: wholeNumber,
  origin: z.string(),
  destination: z.string(),
});

/** A model that has been trained and judged. */
interface Trained {
  readonly encoding: Encoding;
  readonly baseline: Baseline;
  readonly booster: Booster;
}

await Database.with(4096, makeReport, [dirname(flightsFile)]);

async function makeReport(database: Database): Promise<void> {
  const trained = await train(database);
  let report: WindowReport | null = null;
  let landed: readonly Landed[] = [];
  for (const [index, day] of days.entries()) {
    const where = index === days.length - 1 ? west : 'true';
    const flights = await predicted(database, trained, day, where);
    report = judged(trained, day, flights, landed, report);
    landed = flights;
    console.log(`${day}: ${report.headline}`);
  }
  if (report) await writeFile(sampleFile, reportPage(report));
}

async function train(database: Database): Promise<Trained> {
  const part = database.path('part.parquet');
  await database.run(
    `COPY (SELECT *, ${splitByTime('date', cuts)} AS _split FROM (SELECT *, ${rowHash(columns)} AS _row FROM ` +
      `(SELECT * FROM ${literal(flightsFile)} WHERE date < '2001-05-01' USING SAMPLE reservoir(60000 ROWS) REPEATABLE (1)))) ` +
      `TO ${literal(part)} (FORMAT parquet)`,
  );
  const fitted = await fitData(database, definition, { columns, partPaths: [part] });
  const files = await writeSplits(database, { columns, partPaths: [part] }, fitted.encoding);
  const booster = (await XGBoost.load()).create(await matrixOf(files.train, true), {
    objective: 'reg:logistic',
    max_depth: '5',
    eta: '0.2',
  });
  booster.train(50);
  const features = await matrixOf(files.holdoutFeatures, false);
  const scores = Float64Array.from({ length: features.rows }, (_, row) =>
    scoreOf(booster, features.values.slice(row * features.columns, (row + 1) * features.columns)),
  );
  const { labels, segments } = await readHoldout(database, files.holdoutRows, definition.segments);
  const predictions = predictionsOf('binary', labels, scores, 2);
  const preparation = preparationOf(fitted);
  const evaluation = evaluateHoldout(preparation, { challenger: predictions, champion: null, segments });
  const times = await readTimes(database, files.holdoutRows, 'date');
  const judgedHoldout = { preparation, evaluation, predictions, scores, width: 1, segments, times };
  const baseline = await makeBaseline({
    ...judgedHoldout,
    encoding: fitted.encoding,
    trainPath: files.train,
    holdoutPath: files.holdoutFeatures,
  });
  if (!baseline) throw new Error('The hold-out allows no baseline.');
  return { encoding: fitted.encoding, baseline, booster };
}

function preparationOf({ encoding, trainingLabels, rows }: Awaited<ReturnType<typeof fitData>>): Preparation {
  return preparationSchema.parse({
    schemaVersion: 1,
    model: definition.name,
    runId: '0123456789',
    definition,
    definitionHash: 'sample',
    definitionObject: pin('definitions/flight-delay.yaml'),
    dataset: { datasetId: 'ds-sample', manifest: pin('manifest.json'), rows: 60_000, splitRows: rows },
    encoding: pin('encoding.json'),
    classes: encoding.target.classes,
    trainingLabels,
    rows,
    champion: { kind: 'none' },
    notes: [],
    warnings: [],
    findings: [],
    unreadTexts: [],
    unused: [],
  });
}

/** Reads a file of encoded rows. */
async function matrixOf(path: string, hasLabels: boolean): Promise<Matrix> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  const rows = lines.map((line) =>
    line.split(',').map((field) => (field === '' ? Number.NaN : Number(field))),
  );
  const features = rows.map((row) => (hasLabels ? row.slice(1) : row));
  return {
    rows: rows.length,
    columns: features[0]?.length ?? 0,
    values: Float32Array.from(features.flat()),
    labels: Float32Array.from(hasLabels ? rows.map(([label = 0]) => label) : []),
  };
}

function scoreOf(booster: Booster, row: Float32Array): number {
  return booster.predict(row, 1)[0] ?? Number.NaN;
}

/** A prediction, and how it came out. */
interface Landed {
  readonly row: MonitoredRow;
  readonly label: number;
  readonly windowId: string;
}

async function predicted(
  database: Database,
  { encoding, booster }: Trained,
  day: string,
  where: string,
): Promise<Landed[]> {
  const flights = await database.rows(
    `SELECT strftime(date, '%Y-%m-%dT%H:%M:%S.000Z') AS date, delay, distance, origin, destination FROM ${literal(flightsFile)} ` +
      `WHERE date >= ${literal(day)}::DATE AND date < ${literal(day)}::DATE + 1 AND ${where} ORDER BY ALL`,
    flightSchema,
  );
  return flights.map(({ delay, ...record }, index) => {
    const encoded = Float32Array.from(encodeRow(encoding, record), (value) => value ?? Number.NaN);
    const prediction = [scoreOf(booster, encoded)];
    const values = [...fromRecord(encoding, record), fromPrediction(encoding, prediction)];
    const inferenceId = `${day}-${index}`;
    const row = { inferenceId, time: record.date, version: 1, values, prediction, record };
    return { row, label: Number(delay > 15), windowId: windowIdOf(endOf(day)) };
  });
}

function endOf(day: string): Date {
  return new Date(Date.parse(day) + 24 * 3_600_000);
}

/** Judges a day's predictions, while the labels of the day before arrive. */
function judged(
  { encoding, baseline }: Trained,
  day: string,
  flights: readonly Landed[],
  landed: readonly Landed[],
  previousReport: WindowReport | null,
): WindowReport {
  const counter = new WindowCounter(baseline.plan, encoding);
  for (const { row } of flights) counter.add(row);
  for (const { row, label, windowId } of landed) counter.addLabelled(row, label, windowId);
  const window = counter.facts();
  const end = endOf(day);
  const windowId = windowIdOf(end);
  return judgeWindow(
    {
      definition,
      windowId,
      end,
      version: 1,
      baseline,
      window,
      late: { taken: 0, left: 0 },
      labels: { refused: [], unknown: [], replaced: [] },
      reference: [],
      previousReport,
      evidence: {
        baseline: { ...pin('runs/flight-delay/0123456789/baseline.json'), sha256: hashOf(baseline) },
        window: pin(`monitoring/flight-delay/${windowId}/window.json`),
        profile: { ...pin(`monitoring/flight-delay/${windowId}/profile.json`), sha256: hashOf(window) },
        references: [],
        definitionHash: hashOf(definition),
        codeVersion: 'sample',
      },
    },
    new Date(end.getTime() + 5 * 60_000),
  );
}

function pin(key: string): ObjectPin {
  return { bucket: 'artifacts', key, versionId: 'sample' };
}

function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(`${JSON.stringify(value)}\n`)
    .digest('hex');
}
