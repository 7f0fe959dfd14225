import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import type { LabelFileUse } from '@tidemark/domain/events/label-files.schema.ts';
import { Hashes, hasHash } from '@tidemark/domain/windows/hashes.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import {
  feedbackRows,
  joinPredictions,
  placeOf,
  replacedLabels,
  type ScratchLabel,
  type ScratchPrediction,
  unusedLabels,
  writtenIds,
} from './feedback-join.ts';
import { type FeedbackColumn, feedbackLine, feedbackRow, feedbackTarget } from './feedback-row.ts';
import type { FeedbackSources } from './feedback-sources.client.ts';
import { LabelCap, noLabelFiles } from './label-cap.client.ts';
import { labelFileSentences } from './label-file-sentences.ts';
import type { LabelFile } from './label-shares.ts';
import { writeLines } from './scratch-lines.client.ts';

/** Which predictions become rows, and what a row looks like. */
export interface FeedbackPlan {
  readonly model: string;
  /** Of the live version: it says what the target is. */
  readonly encoding: Encoding;
  /** The dataset's columns. */
  readonly columns: readonly FeedbackColumn[];
  /** The column with a row's time, if the definition names one. */
  readonly time: string | undefined;
  /** Captures and labels from then on. */
  readonly since: Date;
  /** Ids of predictions that were used before, and which file labelled each. */
  readonly used: readonly ObjectPin[];
  /** Rows that the next training would use without the new ones. */
  readonly trainedRows: number;
  /** `retraining.maximumLabelFileShare` of the definition. */
  readonly maximumLabelFileShare: number | undefined;
}

/** What came of it, on the database's scratch disk. */
export interface Feedback {
  readonly rows: number;
  readonly rowsPath: string;
  readonly inferenceIdsPath: string;
  /** Which files labelled them. */
  readonly labels: LabelFileUse;
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/** What one function looks at in fifteen minutes, and what fits on its disk. */
export interface FeedbackLimits {
  readonly predictions: number;
  readonly labels: number;
  /** Of labelled predictions, as they are on the scratch disk. */
  readonly rowBytes: number;
}

/**
 * A captured prediction of twenty columns takes some 15 µs: five minutes for all. Labels have 1.6 GB on a disk of ten, and the rows
 * three times their own size, as they come, as they are joined and as they are dropped; ingest takes files of 3 GiB.
 */
export const feedbackLimits: FeedbackLimits = {
  predictions: 20_000_000,
  labels: 20_000_000,
  rowBytes: 2 * 2 ** 30,
};

interface Counts {
  predictions: number;
  labels: number;
  timeless: number;
  unusable: number;
  rowBytes: number;
  /** When the earliest prediction that was looked at was made. */
  reached: string | null;
}

/** What an export works with. */
export interface FeedbackMeans {
  readonly sources: FeedbackSources;
  readonly objects: Objects;
  readonly limits?: FeedbackLimits;
}

/** Labelled predictions as rows of the data, each once; the latest, if there are more than one function can do; memory does not grow with them. */
export class FeedbackExport {
  readonly #database: Database;
  readonly #plan: FeedbackPlan;
  readonly #sources: FeedbackSources;
  readonly #objects: Objects;
  readonly #limits: FeedbackLimits;
  #isEveryLabelRead = true;
  /** Files of labels, the latest first. */
  readonly #files: LabelFile[] = [];
  readonly #counts: Counts = {
    predictions: 0,
    labels: 0,
    timeless: 0,
    unusable: 0,
    rowBytes: 0,
    reached: null,
  };

  constructor(
    database: Database,
    plan: FeedbackPlan,
    { sources, objects, limits = feedbackLimits }: FeedbackMeans,
  ) {
    this.#database = database;
    this.#plan = plan;
    this.#sources = sources;
    this.#objects = objects;
    this.#limits = limits;
  }

  async run(): Promise<Feedback> {
    const database = this.#database;
    const paths = { rowsPath: database.path('rows.jsonl'), inferenceIdsPath: database.path('ids.parquet') };
    const used = await this.#usedIds();
    const labels = database.path('labels.jsonl');
    // Without a label that is new there is no need to read what may be a month of predictions.
    if (!(await this.#hasLabels(labels, used))) {
      return { rows: 0, ...paths, labels: noLabelFiles(this.#plan.trainedRows), notes: this.#notes() };
    }
    const predictions = database.path('predictions.jsonl');
    await writeLines(predictions, this.#predictionLines(await this.#labelledIds()));
    await database.run(joinPredictions(predictions));
    const cap = new LabelCap(database, this.#files, this.#plan);
    const { counts, unusable } = await cap.apply(used, replacedLabels(labels));
    this.#counts.unusable = unusable;
    const rows = await this.#writeRows(paths.rowsPath);
    const ids = database.path('ids.jsonl');
    await writeLines(ids, this.#idLines());
    await database.writeParquet(writtenIds(ids), paths.inferenceIdsPath);
    return { rows, ...paths, labels: counts, notes: [...this.#notes(), ...labelFileSentences(counts)] };
  }

  async #hasLabels(labels: string, used: readonly string[]): Promise<boolean> {
    await writeLines(labels, this.#labelLines());
    await this.#database.run(unusedLabels(labels, used));
    const { count } = await this.#database.row('SELECT count(*) AS count FROM labelled', countSchema);
    return count > 0;
  }

  /** Hashes of the ids that have a label: most predictions have none yet, and need no place on the disk. */
  async #labelledIds(): Promise<Float64Array> {
    const hashes = new Hashes();
    for await (const [ids = []] of this.#database.columns('SELECT id FROM labelled')) {
      for (const id of ids) hashes.add(String(id));
    }
    return hashes.sorted();
  }

  async *#predictionLines(labelled: Float64Array): AsyncGenerator<string> {
    const { model, columns, encoding, since, time: timeColumn } = this.#plan;
    const counts = this.#counts;
    const hour = since.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    for await (const { inferenceId: id, time, record } of this.#sources.predictions(model, hour)) {
      if (this.#isFull()) return;
      counts.predictions += 1;
      counts.reached = time;
      if (!hasHash(labelled, id)) continue;
      const row = feedbackRow(columns, encoding, record);
      // Ingest would reject the whole file for a row that belongs to no side of the split.
      if (timeColumn !== undefined && row[timeColumn] === null) counts.timeless += 1;
      else {
        const line = scratchLine({ id, time, row: JSON.stringify(row) });
        counts.rowBytes += Buffer.byteLength(line);
        yield line;
      }
    }
    // There was no more.
    counts.reached = null;
  }

  #isFull(): boolean {
    const { predictions, rowBytes } = this.#counts;
    return predictions >= this.#limits.predictions || rowBytes >= this.#limits.rowBytes;
  }

  async *#labelLines(): AsyncGenerator<string> {
    const { model, since, encoding } = this.#plan;
    for await (const { inferenceId: id, label, file, index, line } of this.#sources.labels(
      model,
      since,
      encoding.target,
    )) {
      if (this.#counts.labels === this.#limits.labels) {
        this.#isEveryLabelRead = false;
        return;
      }
      this.#counts.labels += 1;
      this.#files[index] = file;
      const value = feedbackTarget(encoding, label);
      yield scratchLine({
        id,
        place: placeOf(index, line),
        value: value === undefined ? '' : JSON.stringify(value),
      });
    }
  }

  async #usedIds(): Promise<string[]> {
    const paths: string[] = [];
    for (const [index, object] of this.#plan.used.entries()) {
      const path = this.#database.path(`used-${index}.parquet`);
      await this.#objects.download(object, path);
      paths.push(path);
    }
    return paths;
  }

  async #writeRows(path: string): Promise<number> {
    const { column } = this.#plan.encoding.target;
    let rows = 0;
    async function* lines(joined: AsyncIterable<JoinedRow>) {
      for await (const { row, value } of joined) {
        rows += 1;
        yield feedbackLine(row, column, value);
      }
    }
    await writeLines(path, lines(this.#joined()));
    return rows;
  }

  async *#idLines(): AsyncGenerator<string> {
    for await (const { id, file } of this.#joined()) {
      const { key, versionId: version } = this.#files[file] ?? { key: '', versionId: '' };
      yield `${JSON.stringify({ id, key, version })}\n`;
    }
  }

  async *#joined(): AsyncGenerator<JoinedRow> {
    for await (const [ids = [], rows = [], values = [], files = []] of this.#database.columns(feedbackRows)) {
      for (const index of ids.keys()) {
        const [id, row, value, file] = joinedSchema.parse([
          ids[index],
          rows[index],
          values[index],
          files[index],
        ]);
        yield { id, row, value, file };
      }
    }
  }

  #notes(): string[] {
    const { predictions, labels, timeless, unusable, reached } = this.#counts;
    const { time, encoding } = this.#plan;
    return [
      `${counted(predictions, 'captured prediction')} and ${counted(labels, 'label')} were looked at.`,
      ...(reached === null
        ? []
        : [
            `They are the latest; none from before ${reached} was read, because that would be more than one function can do. To learn from older ones, put them as data under incoming/${this.#plan.model}/.`,
          ]),
      ...(this.#isEveryLabelRead ? [] : ['The labels are the latest too.']),
      ...(timeless > 0
        ? [
            `${counted(timeless, 'prediction')} ${timeless === 1 ? 'was' : 'were'} left out: \`${time}\`, the time of a row, was not sent.`,
          ]
        : []),
      ...(unusable > 0
        ? [
            `${counted(unusable, 'label')} ${unusable === 1 ? 'was' : 'were'} left out: no ${unusable === 1 ? 'value' : 'values'} of \`${encoding.target.column}\`.`,
          ]
        : []),
    ];
  }
}

function scratchLine(line: ScratchPrediction | ScratchLabel): string {
  return `${JSON.stringify(line)}\n`;
}

interface JoinedRow {
  readonly id: string;
  /** `feedbackRow` as JSON text. */
  readonly row: string;
  /** Value of the target as JSON text. */
  readonly value: string;
  /** Number of the file that its label is from. */
  readonly file: number;
}

const countSchema = z.object({ count: wholeNumber });
const joinedSchema = z.tuple([z.string(), z.string(), z.string(), z.int()]);
