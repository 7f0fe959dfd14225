import { Buffer } from 'node:buffer';
import type { ValuesPlan } from './binning-plan.schema.ts';
import { type CellFindings, noFindings } from './cell-findings.ts';
import { distinctStandardError, HyperLogLog } from './hyper-log-log.ts';
import { completeValues, frequentValues, longestText } from './limits.ts';
import type { Distinct, TopValues } from './profile.schema.ts';
import { hashText } from './spelled-value.ts';
import { TextTable } from './text-table.ts';
import { replacedText } from './text-value.ts';
import { byRows, completeTop, pruneTop, type ValueRows } from './top-values.ts';
import { ValueBins } from './value-bins.ts';
import { ValueHasher } from './value-hash.ts';

/** Values that are held before the rare ones of many are forgotten. */
const valuesHeld = 2 * completeValues;

/** Different values for which there is room at first: a file may have 2,000 columns. */
const expectedValues = 64;

/** Texts up to this long are written byte by byte: for them, asking the engine's encoder takes longer than encoding. */
const shortText = 64;

/**
 * Profiles texts and truth values. As long as there are few different ones, all are counted; beyond that the frequent ones are, and how many
 * there are is estimated.
 */
export class TextColumn {
  readonly #plan: ValuesPlan | undefined;
  readonly #hasher = new ValueHasher();
  readonly #texts = new TextTable(expectedValues);
  readonly #encoded = Buffer.alloc(3 * shortText);
  #present = 0;
  #unreadable = 0;
  #many: ManyTexts | undefined;
  #undercount = 0;

  constructor(plan: ValuesPlan | undefined) {
    this.#plan = plan;
  }

  add(text: string): void {
    const length = text.length <= shortText ? this.#encodeAscii(text) : -1;
    if (length >= 0) this.addBytes(this.#encoded, 0, length);
    else {
      const bytes = Buffer.from(text);
      this.addBytes(bytes, 0, bytes.length);
    }
  }

  addUnreadable(): void {
    this.#unreadable += 1;
  }

  /** Adds a text by its UTF-8 bytes. */
  addBytes(bytes: Uint8Array, start: number, end: number): void {
    this.addCountedBytes(bytes, start, end, 1);
  }

  /** Adds a text that so many rows have. */
  addCountedBytes(bytes: Uint8Array, start: number, end: number, rows: number): void {
    this.#hasher.ofBytes(bytes, start, end);
    this.addHashed(this.#hasher.high, this.#hasher.low, bytes, start, end, rows);
  }

  /** Adds a text whose hash is known. */
  addHashed(high: number, low: number, bytes: Uint8Array, start: number, end: number, rows: number): void {
    // What replaces a long text is short, so a long one is never among those that are known.
    if (end - start > longestText || !this.#texts.count(high, low, rows)) {
      const replaced = replacedText(bytes, start, end);
      if (replaced) this.addCountedBytes(replaced, 0, replaced.length, rows);
      else this.#addUnknown(high, low, bytes, start, end, rows);
      return;
    }
    this.#present += rows;
    this.#many?.add(high, low, rows, bytes, start, end);
  }

  finish(): CellFindings {
    const bins = this.#many ? undefined : this.#bins();
    if (bins) this.#fill(bins);
    return {
      ...noFindings,
      present: this.#present,
      unreadable: this.#unreadable,
      distinct: this.#distinct(),
      top: this.#top(),
      categories: this.#many?.categories() ?? bins?.finish() ?? null,
    };
  }

  #addUnknown(high: number, low: number, bytes: Uint8Array, start: number, end: number, rows: number): void {
    this.#present += rows;
    if (this.#many === undefined && this.#texts.size === completeValues) this.#becomeMany();
    if (this.#texts.size === valuesHeld) this.#undercount += this.#texts.prune(completeValues);
    this.#texts.add(high, low, rows, bytes, start, end);
    this.#many?.add(high, low, rows, bytes, start, end);
  }

  #becomeMany(): void {
    this.#many = new ManyTexts(this.#bins());
    for (const { text, high, low, rows } of this.#texts.entries()) {
      const bytes = Buffer.from(text);
      this.#many.add(high, low, rows, bytes, 0, bytes.length);
    }
  }

  #bins(): ValueBins | undefined {
    return this.#plan && new ValueBins(this.#plan, hashText);
  }

  /** The most frequent first, whatever came first: which of many new values are kept must not depend on it. */
  #fill(bins: ValueBins): void {
    const texts = this.#texts.entries().sort((a, b) => byRows([a.text, a.rows], [b.text, b.rows]));
    for (const { text, high, low, rows } of texts) {
      if (bins.add(high, low, rows)) continue;
      const bytes = Buffer.from(text);
      bins.addNew(high, low, rows, bytes, 0, bytes.length);
    }
  }

  #distinct(): Distinct {
    return this.#many?.distinct() ?? { estimate: this.#texts.size, standardError: 0, registers: null };
  }

  #top(): TopValues {
    const values = this.#texts.entries().map(({ text, rows }): ValueRows => [text, rows]);
    return this.#many ? pruneTop(values.sort(byRows), this.#undercount, frequentValues) : completeTop(values);
  }

  /** Writes a text of ASCII characters only. @returns its length, or -1 for another text */
  #encodeAscii(text: string): number {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return -1;
      this.#encoded[index] = code;
    }
    return text.length;
  }
}

/** What is said of texts once there are many different ones. */
class ManyTexts {
  readonly #distinct = new HyperLogLog();
  readonly #bins: ValueBins | undefined;

  constructor(bins: ValueBins | undefined) {
    this.#bins = bins;
  }

  add(high: number, low: number, rows: number, bytes: Uint8Array, start: number, end: number): void {
    this.#distinct.add(high, low);
    if (this.#bins === undefined || this.#bins.add(high, low, rows)) return;
    this.#bins.addNew(high, low, rows, bytes, start, end);
  }

  distinct(): Distinct {
    return {
      estimate: this.#distinct.estimate(),
      standardError: distinctStandardError,
      registers: this.#distinct.registers(),
    };
  }

  categories() {
    return this.#bins?.finish();
  }
}
