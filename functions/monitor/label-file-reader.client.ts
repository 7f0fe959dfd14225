import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { ObjectGoneError, type Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { LabelBook } from '@tidemark/domain/labels/label-book.ts';
import { LabelLines } from '@tidemark/domain/labels/label-lines.ts';
import {
  type LabelProblem,
  LabelProblems,
  labelProblemSentence,
} from '@tidemark/domain/labels/label-problems.ts';
import type { Label } from '@tidemark/domain/labels/labels.schema.ts';
import type { LabelObject } from '@tidemark/domain/windows/window.schema.ts';
import { everyLabel, isInPart, type LabelPart, labelParts } from './label-parts.ts';
import type { RefusedLabels } from './report.schema.ts';

/** What a window reads of labels at most. */
export interface LabelLimits {
  /** Of one file, unpacked. */
  readonly fileBytes: number;
  /** Of all files together. */
  readonly labels: number;
  /** In memory. */
  readonly atATime: number;
}

/**
 * Reading a label takes some 1.2 µs, and each is read once for every five million that there are: thirty million take four minutes, and
 * nearly as long again the predictions that they are compared with, of the fifteen that a function has. Five million labels take 700 MB.
 */
export const labelLimits: LabelLimits = { fileBytes: 2 ** 30, labels: 30_000_000, atATime: 5_000_000 };

/** What was found when all labels of a window were read. */
export interface LabelReading {
  /** Files that count. */
  readonly readable: readonly LabelObject[];
  /** Files, or lines of files that count, that could not be taken. */
  readonly refused: readonly RefusedLabels[];
  /** Lines, or files, that could not be read. */
  readonly unreadable: number;
  /** Predictions that are named without a label. */
  readonly notYet: number;
  readonly parts: readonly LabelPart[];
  /** The labels, if there is one part. */
  readonly book: LabelBook | null;
}

/** Files of labels. However many labels there are, memory holds a part of them. */
export class LabelFileReader {
  readonly #objects: Objects;
  readonly #bucket: string;
  readonly #limits: LabelLimits;

  constructor(objects: Objects, bucket: string, limits = labelLimits) {
    this.#objects = objects;
    this.#bucket = bucket;
    this.#limits = limits;
  }

  /** Reads all files, in the order given: the oldest first. One that is too large is refused, as it would be so each time. */
  async readAll(given: readonly LabelObject[], target: Encoding['target']): Promise<LabelReading> {
    const readable: LabelObject[] = [];
    const refused: RefusedLabels[] = [];
    const { atATime } = this.#limits;
    let book: LabelBook | null = new LabelBook();
    let labels = 0;
    let unreadable = 0;
    let notYet = 0;
    for (const object of given) {
      const before = labels;
      const read = await this.#read(object, target, (label) => {
        labels += 1;
        // One that is full is of no use, and there must be room for the next.
        if (labels > atATime) book = null;
        book?.add({ ...label, key: object.key });
        return labels <= this.#limits.labels;
      });
      if (read.end === 'whole') {
        readable.push(object);
        unreadable += read.problems.count;
        notYet += read.notYet;
        refused.push(...read.problems.list().map((problem) => refusedLines(object, problem)));
        continue;
      }
      const { key, versionId } = object;
      refused.push({ key, versionId, code: read.end, why: this.#why(read.end), lines: [], count: null });
      labels = before;
      // What was read of it counts for nothing: the book is made again, of those before it.
      book = labels > atATime ? null : await this.read(readable, target);
    }
    return { readable, refused, unreadable, notYet, parts: labelParts(labels, atATime), book };
  }

  /** The labels of a part of all predictions. @param isWanted which of them are kept */
  async read(
    given: readonly LabelObject[],
    target: Encoding['target'],
    part = everyLabel,
    isWanted: (inferenceId: string) => boolean = () => true,
  ): Promise<LabelBook> {
    const book = new LabelBook();
    for (const object of given) {
      await this.#read(object, target, (label) => {
        if (isInPart(label.inferenceId, part) && isWanted(label.inferenceId)) {
          book.add({ ...label, key: object.key });
        }
        return true;
      });
    }
    return book;
  }

  /** @param take answers whether there may be more */
  async #read(
    { key, versionId, size }: LabelObject,
    { spelling }: Encoding['target'],
    take: (label: Label) => boolean,
  ): Promise<{ end: 'whole' | 'too-large' | 'too-many'; problems: LabelProblems; notYet: number }> {
    const lines = new LabelLines(spelling);
    const problems = new LabelProblems();
    let notYet = 0;
    if (size > this.#limits.fileBytes) return { end: 'too-large', problems, notYet };
    let bytes = 0;
    try {
      for await (const line of linesOfObject(this.#objects, { bucket: this.#bucket, key, versionId })) {
        bytes += line.kind === 'line' ? line.text.length : 0;
        if (bytes > this.#limits.fileBytes) return { end: 'too-large', problems, notYet };
        if (line.kind !== 'line') {
          problems.add(line.kind, line.kind === 'too-long' ? line.number : null);
          continue;
        }
        const read = lines.read(line.text);
        problems.note(read, line.number);
        if (read.kind !== 'labels') continue;
        notYet += read.notYet;
        if (!read.labels.every(take)) return { end: 'too-many', problems, notYet };
      }
    } catch (error) {
      // Deleted for good since the window was planned: there is nothing left to read, however often it is tried.
      if (!(error instanceof ObjectGoneError)) throw error;
      problems.add('gone', null);
    }
    return { end: 'whole', problems, notYet };
  }

  #why(end: 'too-large' | 'too-many'): string {
    const { fileBytes, labels } = this.#limits;
    return end === 'too-large'
      ? `it has more than ${fileBytes} bytes, unpacked`
      : `with it there would be more than ${labels} labels at once`;
  }
}

function refusedLines({ key, versionId }: LabelObject, problem: LabelProblem): RefusedLabels {
  const { code, lines, count } = problem;
  return { key, versionId, code, why: labelProblemSentence(problem), lines: [...lines], count };
}
