import type { Label, LabelValue } from './labels.schema.ts';

/** What was found among labels. */
export interface LabelCounts {
  /** Predictions with a label. */
  readonly labels: number;
  /** Labels that say again what another says. */
  readonly repeated: number;
  /** Labels that another one, which came later, contradicts. */
  readonly overruled: number;
}

/**
 * The labels of predictions, by inference id. Of several labels of one prediction the one that came last counts: so a label can be
 * corrected by a later file. What came last is told by whoever adds, in the order of S3's clock and then of the lines; clocks
 * of those who label are not asked, as they may be wrong.
 */
export class LabelBook {
  readonly #labels = new Map<string, LabelValue>();
  #repeated = 0;
  #overruled = 0;

  /** Adds a label that came after all that were added before. */
  add({ inferenceId, label }: Label): void {
    const earlier = this.#labels.get(inferenceId);
    if (earlier !== undefined) {
      if (String(earlier) === String(label)) this.#repeated += 1;
      else this.#overruled += 1;
    }
    this.#labels.set(inferenceId, label);
  }

  /** `undefined`: none is known yet. */
  of(inferenceId: string): LabelValue | undefined {
    return this.#labels.get(inferenceId);
  }

  /** Every label that counts. */
  *[Symbol.iterator](): Generator<Label> {
    for (const [inferenceId, label] of this.#labels) yield { inferenceId, label };
  }

  get counts(): LabelCounts {
    return { labels: this.#labels.size, repeated: this.#repeated, overruled: this.#overruled };
  }
}
