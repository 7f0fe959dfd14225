import type { Label, LabelValue } from './labels.schema.ts';
import { ReplacedCounter, type ReplacedLabels } from './replaced-labels.ts';

/** What was found among labels. */
export interface LabelBookCounts {
  /** Predictions with a label. */
  readonly labels: number;
  /** Labels that say again what another says. */
  readonly repeated: number;
  /** Labels that another one, which came later, contradicts. */
  readonly overruled: number;
}

/** A label, and the key of the file that it is from. */
export interface FiledLabel extends Label {
  readonly key: string;
}

/**
 * The labels of predictions, by inference id. Of several labels of one prediction the one that came last counts: so a label can be
 * corrected by a later file. The caller adds them in the order of S3's clock and then of the lines; clocks
 * of those who label are not asked, as they may be wrong.
 */
export class LabelBook {
  /** Positions in the two lists, which take less memory than an object for each label. */
  readonly #positions = new Map<string, number>();
  readonly #labels: LabelValue[] = [];
  readonly #keys: string[] = [];
  readonly #replaced = new ReplacedCounter();
  #repeated = 0;
  #overruled = 0;

  /** Adds a label that came after all that were added before. */
  add({ inferenceId, label, key }: FiledLabel): void {
    const position = this.#positions.get(inferenceId) ?? this.#labels.length;
    const earlier = this.#labels[position];
    if (earlier === undefined) this.#positions.set(inferenceId, position);
    else if (String(earlier) === String(label)) this.#repeated += 1;
    else {
      this.#overruled += 1;
      this.#replaced.add({ key: this.#keys[position] ?? key, by: key, count: 1 });
    }
    this.#labels[position] = label;
    this.#keys[position] = key;
  }

  /** `undefined`: none is known yet. */
  of(inferenceId: string): LabelValue | undefined {
    return this.#labels[this.#positions.get(inferenceId) ?? -1];
  }

  /** Key of the file that the label which counts is from. */
  keyOf(inferenceId: string): string | undefined {
    return this.#keys[this.#positions.get(inferenceId) ?? -1];
  }

  /** Every label that counts. */
  *[Symbol.iterator](): Generator<Label> {
    for (const [inferenceId, position] of this.#positions) {
      const label = this.#labels[position];
      if (label !== undefined) yield { inferenceId, label };
    }
  }

  get counts(): LabelBookCounts {
    return { labels: this.#positions.size, repeated: this.#repeated, overruled: this.#overruled };
  }

  /** Whose labels were overruled by whose. */
  get replaced(): readonly ReplacedLabels[] {
    return this.#replaced.list();
  }
}
