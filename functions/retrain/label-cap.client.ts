import { InvariantError } from '@tidemark/domain/errors.ts';
import type { LabelFileUse } from '@tidemark/domain/events/label-files.schema.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import { holdBack, rowsByFile, rowsUsedByFile } from './feedback-join.ts';
import { allowedRows, type LabelFile, type LabelFileRows, maximumShare } from './label-shares.ts';

const countsOfFile = z.object({ file: z.int(), rows: wholeNumber, unusable: wholeNumber });
const usedOfFile = z.object({ key: z.string(), versionId: z.string(), rows: wholeNumber });
const replacedOfFile = z.object({ file: z.int(), by: z.int(), labels: wholeNumber });
type Replaced = z.infer<typeof replacedOfFile>;

/** What a cap goes by. */
export interface CapPlan {
  /** Rows that the next training would use without the new ones. */
  readonly trainedRows: number;
  readonly maximumLabelFileShare: number | undefined;
}

/** Where labels were none that are new. */
export function noLabelFiles(trainedRows: number): LabelFileUse {
  return {
    datasetRows: trainedRows,
    files: 0,
    largest: null,
    maximumShare: null,
    heldBack: { rows: 0, files: [] },
    replaced: { labels: 0, files: [] },
  };
}

/** Files that are named. */
const namedFiles = 5;

/** Holds rows of `feedback` back, so that no file of labels has more than its share of what is trained, and counts whose the others are. */
export class LabelCap {
  readonly #database: Database;
  readonly #files: readonly LabelFile[];
  readonly #plan: CapPlan;

  /** @param files by their numbers in `feedback` */
  constructor(database: Database, files: readonly LabelFile[], plan: CapPlan) {
    this.#database = database;
    this.#files = files;
    this.#plan = plan;
  }

  /** @param used Parquet files of `writtenIds` @param replacedSql see `replacedLabels` */
  async apply(
    used: readonly string[],
    replacedSql: string,
  ): Promise<{ counts: LabelFileUse; unusable: number }> {
    const counted = await this.#database.rows(rowsByFile, countsOfFile);
    const replaced = await this.#database.rows(replacedSql, replacedOfFile);
    const { trainedRows, maximumLabelFileShare } = this.#plan;
    const files = new Set([
      ...counted.filter(({ rows }) => rows > 0).map(({ file }) => file),
      ...replaced.flatMap(({ file, by }) => [file, by]),
    ]).size;
    const share = maximumShare(maximumLabelFileShare, files);
    const rowsOf = await this.#withEarlier(counted, used);
    const allowed = share === null ? rowsOf.map(({ rows }) => rows) : allowedRows(rowsOf, trainedRows, share);
    for (const [index, { file, rows }] of counted.entries()) {
      const taken = allowed[index] ?? rows;
      if (taken < rows) await this.#database.run(holdBack(file, taken));
    }
    return {
      counts: {
        ...sharesOf(rowsOf, allowed, trainedRows),
        files,
        maximumShare: share,
        replaced: this.#named(replaced),
      },
      unusable: counted.reduce((sum, each) => sum + each.unusable, 0),
    };
  }

  async #withEarlier(
    counted: readonly z.infer<typeof countsOfFile>[],
    used: readonly string[],
  ): Promise<LabelFileRows[]> {
    const earlier = new Map<string, number>();
    if (used.length > 0) {
      const rows = await this.#database.rows(rowsUsedByFile(used), usedOfFile);
      for (const each of rows) earlier.set(nameOf(each), each.rows);
    }
    return counted.map(({ file, rows }) => {
      const { key, versionId } = this.#file(file);
      return { key, versionId, rows, before: earlier.get(nameOf({ key, versionId })) ?? 0 };
    });
  }

  #named(replaced: readonly Replaced[]): LabelFileUse['replaced'] {
    return {
      labels: replaced.reduce((sum, { labels }) => sum + labels, 0),
      files: replaced
        .slice(0, namedFiles)
        .map(({ file, by, labels }) => ({ key: this.#file(file).key, by: this.#file(by).key, labels })),
    };
  }

  #file(index: number): LabelFile {
    const file = this.#files[index];
    if (file === undefined) throw new InvariantError(`No file of labels has the number ${index}.`);
    return file;
  }
}

function nameOf({ key, versionId }: LabelFile): string {
  return JSON.stringify([key, versionId]);
}

function sharesOf(files: readonly LabelFileRows[], allowed: readonly number[], trainedRows: number) {
  const taken = files.map(({ key, versionId, before }, index) => ({
    key,
    versionId,
    rows: before + (allowed[index] ?? 0),
  }));
  const held = files.map(({ key, versionId, rows }, index) => ({
    key,
    versionId,
    rows: rows - (allowed[index] ?? 0),
  }));
  return {
    datasetRows: trainedRows + allowed.reduce((sum, rows) => sum + rows, 0),
    largest: taken.filter(({ rows }) => rows > 0).sort(byRows)[0] ?? null,
    heldBack: {
      rows: held.reduce((sum, { rows }) => sum + rows, 0),
      files: held
        .filter(({ rows }) => rows > 0)
        .sort(byRows)
        .slice(0, namedFiles),
    },
  };
}

function byRows(one: LabelFile & { rows: number }, other: LabelFile & { rows: number }): number {
  return other.rows - one.rows || (one.key < other.key ? -1 : 1);
}
