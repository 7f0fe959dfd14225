import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { ObjectGoneError, type Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { LabelLines } from '@tidemark/domain/labels/label-lines.ts';
import { LabelProblems } from '@tidemark/domain/labels/label-problems.ts';
import { checkedLines, type LabelAtLine, type ReadFile } from './label-check.ts';

/** Unreadable lines that the report shows, and how much of each: a line may have megabytes. */
const shownLines = 5;
const shownCharacters = 200;

/** A file's first lines, and those that could not be read as they are. */
export interface ReadLabelObject {
  readonly file: ReadFile;
  readonly unreadable: readonly { readonly line: number; readonly text: string }[];
}

/**
 * Reads the first lines of a file of labels. A file that was deleted meanwhile has one problem.
 * @param live encoding of the live version; `null`: nothing serves
 */
export async function readLabelObject(
  objects: Objects,
  object: ObjectPin,
  live: Encoding | null,
): Promise<ReadLabelObject> {
  const reader = new LabelLines(live?.target.spelling);
  const problems = new LabelProblems();
  const labels: LabelAtLine[] = [];
  const unreadable: { line: number; text: string }[] = [];
  let [notYet, lines, isWhole] = [0, 0, true];
  try {
    for await (const line of linesOfObject(objects, object)) {
      if (lines === checkedLines) {
        isWhole = false;
        break;
      }
      lines += 1;
      if (line.kind !== 'line') {
        problems.add(line.kind, line.kind === 'too-long' ? line.number : null);
        continue;
      }
      const read = reader.read(line.text);
      problems.note(read, line.number);
      if (read.kind === 'labels') {
        notYet += read.notYet;
        labels.push(...read.labels.map((label) => ({ ...label, line: line.number })));
      } else if (unreadable.length < shownLines) {
        unreadable.push({ line: line.number, text: line.text.slice(0, shownCharacters) });
      }
    }
  } catch (error) {
    if (!(error instanceof ObjectGoneError)) throw error;
    problems.add('gone', null);
  }
  return { file: { labels, notYet, problems: problems.list(), lines, isWhole }, unreadable };
}
