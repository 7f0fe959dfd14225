import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { LabelBook } from '@tidemark/domain/labels/label-book.ts';
import { labelNumber } from '@tidemark/domain/labels/label-number.ts';
import type { LabelValue } from '@tidemark/domain/labels/labels.schema.ts';
import { ReplacedCounter, type ReplacedLabels } from '@tidemark/domain/labels/replaced-labels.ts';
import { Hashes } from '@tidemark/domain/windows/hashes.ts';
import { hashOfId } from '@tidemark/domain/windows/labelled-sample.ts';
import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';
import type { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import type { UnknownLabel } from './report.schema.ts';

/** A label that counts, and the key of its file. */
export interface CountedLabel {
  readonly label: LabelValue;
  readonly key: string;
}

/** Spellings that are counted apart: a label column of free text must not fill memory. */
const unknownSpellings = 1000;

/**
 * Joins the labels that came with a window with predictions of that window and of earlier ones. A prediction counts with its first
 * label, in the window in which the later of the two came, and never again: what was said of a finished window stands.
 */
export class LabelJoin {
  readonly #fresh: LabelBook;
  readonly #recent: LabelBook;
  readonly #encoding: Encoding;
  readonly #counter: WindowCounter;
  readonly #unknown = new Map<string, number>();
  readonly #replaced = new ReplacedCounter();
  /** Ids whose label has been dealt with. */
  readonly #settled = new Set<string>();

  /**
   * @param fresh labels that came with this window
   * @param recent labels that came with windows before, for predictions that are only captured now
   */
  constructor(labels: { fresh: LabelBook; recent: LabelBook }, encoding: Encoding, counter: WindowCounter) {
    this.#fresh = labels.fresh;
    this.#recent = labels.recent;
    this.#encoding = encoding;
    this.#counter = counter;
  }

  /** Whether a label of this prediction is known that has found nothing yet. */
  isAwaited(inferenceId: string): boolean {
    if (this.#settled.has(inferenceId)) return false;
    return (this.#fresh.of(inferenceId) ?? this.#recent.of(inferenceId)) !== undefined;
  }

  /** An earlier window has counted this prediction with this label. */
  countedBefore(inferenceId: string, before: CountedLabel): void {
    if (this.#settled.has(inferenceId)) return;
    const again = this.#freshOf(inferenceId);
    if (again) this.#compare(before, again);
    this.#settled.add(inferenceId);
  }

  /** Joins a prediction of this window with its label, if one is known. @returns the label that counts */
  joinOwn(row: MonitoredRow, windowId: string): CountedLabel | undefined {
    const fresh = this.#freshOf(row.inferenceId);
    const recent = labelOf(this.#recent, row.inferenceId);
    if (fresh && recent && !this.#settled.has(row.inferenceId)) this.#compare(recent, fresh);
    return this.#join(row, windowId, fresh ?? recent);
  }

  /** Joins a prediction of an earlier window with the label that came with this one. @returns the label that counts */
  joinEarlier(row: MonitoredRow, windowId: string): CountedLabel | undefined {
    return this.#join(row, windowId, this.#freshOf(row.inferenceId));
  }

  #freshOf(inferenceId: string): CountedLabel | undefined {
    return labelOf(this.#fresh, inferenceId);
  }

  #compare(before: CountedLabel, { label, key }: CountedLabel): void {
    if (String(before.label) === String(label)) this.#counter.leaveOutLabel('repeated');
    else {
      this.#counter.leaveOutLabel('conflicting');
      this.#replaced.add({ key: before.key, by: key, count: 1 });
    }
  }

  /** Whose labels were contradicted by whose: those that came with this window, and those that were there before. */
  replaced(): readonly ReplacedLabels[] {
    return [...this.#fresh.replaced, ...this.#replaced.list()];
  }

  /** Hashes of the ids whose labels have found no prediction yet, in ascending order. */
  waiting(): Float64Array {
    const hashes = new Hashes();
    for (const { inferenceId } of this.#fresh) if (!this.#settled.has(inferenceId)) hashes.add(inferenceId);
    return hashes.sorted();
  }

  /**
   * Earlier windows of other versions have predictions with these hashes: their labels say nothing of the version that is judged, and are
   * not lost either.
   */
  ofFormerVersions(hashes: ReadonlySet<number>): void {
    if (hashes.size === 0) return;
    for (const { inferenceId } of this.#fresh) {
      if (this.#settled.has(inferenceId) || !hashes.has(hashOfId(inferenceId))) continue;
      this.#settled.add(inferenceId);
      this.#counter.leaveOutLabel('formerVersions');
    }
  }

  /** Labels that name no class of the version, as they are spelled, the most frequent first. */
  unknownLabels(): UnknownLabel[] {
    return [...this.#unknown]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  }

  #noteUnknown(value: string): void {
    const known = this.#unknown.get(value);
    if (known === undefined && this.#unknown.size >= unknownSpellings) return;
    this.#unknown.set(value, (known ?? 0) + 1);
  }

  /** Counts the labels of this window that have found no prediction. */
  finish(): void {
    const { repeated, overruled } = this.#fresh.counts;
    for (let count = 0; count < repeated; count += 1) this.#counter.leaveOutLabel('repeated');
    for (let count = 0; count < overruled; count += 1) this.#counter.leaveOutLabel('conflicting');
    for (const { inferenceId } of this.#fresh) {
      if (!this.#settled.has(inferenceId)) this.#counter.leaveOutLabel('unmatched');
    }
  }

  #join(row: MonitoredRow, windowId: string, found: CountedLabel | undefined): CountedLabel | undefined {
    if (found === undefined || this.#settled.has(row.inferenceId)) return undefined;
    this.#settled.add(row.inferenceId);
    const number = this.#numberOf(found.label);
    if (number === undefined) {
      this.#counter.leaveOutLabel(this.#encoding.problem === 'binary' ? 'unknownClass' : 'malformed');
      return undefined;
    }
    this.#counter.addLabelled(row, number, windowId);
    return found;
  }

  /** A class that the model does not know is a miss; a label that is not a number where one is needed is a mistake. */
  #numberOf(label: LabelValue): number | undefined {
    const number = labelNumber(this.#encoding, label);
    if (number !== null) return number;
    if (this.#encoding.problem !== 'regression') this.#noteUnknown(String(label));
    return this.#encoding.problem === 'multiclass' ? -1 : undefined;
  }
}

function labelOf(book: LabelBook, inferenceId: string): CountedLabel | undefined {
  const [label, key] = [book.of(inferenceId), book.keyOf(inferenceId)];
  return label === undefined || key === undefined ? undefined : { label, key };
}
