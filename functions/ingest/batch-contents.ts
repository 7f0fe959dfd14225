import { contentOf, totalSplitRows } from '@tidemark/domain/datasets/dataset-identity.ts';
import type { SplitRows } from '@tidemark/domain/datasets/manifest.schema.ts';
import { mergeProfiles } from '@tidemark/statistics/profile/merge-profiles.ts';
import type { Profile } from '@tidemark/statistics/profile/profile.schema.ts';
import { RepeatedRows } from './duplicates.ts';
import type { AcceptableFile } from './file-result.schema.ts';
import { columnsAtOnce } from './ingest-limits.ts';
import { type MergedTarget, TargetTally } from './target-values.ts';

/** What the good files of a batch come to, each content once. */
export interface BatchSummary {
  /** Different contents. */
  readonly contents: number;
  readonly profile: Profile;
  /** Rows without a target, which were left out. */
  readonly unlabelledRows: number;
  /** Share of rows, 0 to 1, that repeat another one. */
  readonly duplicates: number;
  readonly splitRows: SplitRows;
  readonly target: MergedTarget;
}

/**
 * Adds up good files, in the order of their keys. Of each content the first file counts: the same rows in two files of a batch are one
 * file's worth. Holds a few profiles at a time and 50 bytes per file, so that any number of files can be judged together; the same files
 * always give the same summary, as what is merged together depends on nothing but their order.
 */
export class BatchContents {
  readonly #contents = new Set<string>();
  readonly #repeated = new RepeatedRows();
  readonly #target = new TargetTally();
  #profile = mergeProfiles([]);
  #waiting: Profile[] = [];
  #waitingColumns = 0;
  #unlabelledRows = 0;
  #splitRows: SplitRows = { train: 0, validation: 0, holdout: 0 };

  /** Profiles that are held: what is merged, and those that wait to be. */
  get heldProfiles(): number {
    return 1 + this.#waiting.length;
  }

  add(file: AcceptableFile): void {
    const content = contentOf(file.part);
    if (this.#contents.has(content)) return;
    this.#contents.add(content);
    this.#repeated.add(file);
    this.#target.add(file);
    this.#unlabelledRows += file.unlabelledRows;
    this.#splitRows = totalSplitRows([{ splitRows: this.#splitRows }, file.part]);
    this.#waiting.push(file.profile);
    this.#waitingColumns += file.profile.columns.length;
    // Several at a time, as what merges them takes as long for one as for a few.
    if (this.#waitingColumns >= columnsAtOnce) this.#mergeWaiting();
  }

  summary(): BatchSummary {
    this.#mergeWaiting();
    return {
      contents: this.#contents.size,
      profile: this.#profile,
      unlabelledRows: this.#unlabelledRows,
      duplicates: this.#repeated.share(),
      splitRows: this.#splitRows,
      target: this.#target.merged(),
    };
  }

  #mergeWaiting(): void {
    if (this.#waiting.length === 0) return;
    this.#profile = mergeProfiles([this.#profile, ...this.#waiting]);
    this.#waiting = [];
    this.#waitingColumns = 0;
  }
}
