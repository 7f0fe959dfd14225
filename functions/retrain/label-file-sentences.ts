import type { LabelFileUse } from '@tidemark/domain/events/label-files.schema.ts';
import { clauses, code, counted, numeral, type Sentence, say } from '@tidemark/statistics/sentence.ts';

/** From this share on the writer of a file decides what is learnt. */
const majority = 0.5;

/** Whose labels the rows are, which were held back and why, and what to do about it. Names keys, no values. */
export function labelFileSentences(labels: LabelFileUse): Sentence[] {
  return [...largestSentences(labels), ...heldBackSentences(labels), ...replacedSentences(labels)];
}

function largestSentences({ files, largest, datasetRows, maximumShare }: LabelFileUse): Sentence[] {
  if (largest === null) return [];
  const share = largest.rows / datasetRows;
  const first = say`The labels are from ${counted(files, 'file')}; the most are from ${code(largest.key)}: ${numeral(largest.rows)} of ${counted(datasetRows, 'row')} to train and judge with (${percent(share)} %).`;
  if (maximumShare !== null || share <= majority) return [first];
  return [
    first,
    say`The writer of that file decides what is learnt; ${code('retraining.maximumLabelFileShare')} can limit it.`,
  ];
}

function heldBackSentences({ heldBack, maximumShare }: LabelFileUse): Sentence[] {
  if (heldBack.rows === 0 || maximumShare === null) return [];
  const named = heldBack.files.map(({ key, rows }) => say`${numeral(rows)} of ${code(key)}`);
  const others = heldBack.rows - heldBack.files.reduce((sum, { rows }) => sum + rows, 0);
  const all = clauses(others > 0 ? [...named, say`${numeral(others)} of other files`] : named);
  const verb = heldBack.rows === 1 ? 'was' : 'were';
  return [
    say`${counted(heldBack.rows, 'labelled row')} ${verb} held back (${all}): labels of one file may be ${percent(maximumShare)} % of the rows (${code('retraining.maximumLabelFileShare')}).`,
    say`If that file is right, raise the share (1 means no limit), and a later retraining takes the rest; if it is wrong, correct it or delete it.`,
  ];
}

function replacedSentences({ replaced }: LabelFileUse): Sentence[] {
  if (replaced.labels === 0) return [];
  const named = replaced.files.map(
    ({ key, by, labels }) => say`${counted(labels, 'label')} of ${code(key)} by ${code(by)}`,
  );
  const others = replaced.labels - replaced.files.reduce((sum, { labels }) => sum + labels, 0);
  const all = clauses(others > 0 ? [...named, say`${numeral(others)} of other files`] : named);
  return [say`Labels were replaced by others that came later: ${all}.`];
}

/** In per cent, to a tenth, and never 100 for a share that is less. */
function percent(share: number): number {
  return Math.floor(share * 1000) / 10;
}
