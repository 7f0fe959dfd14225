import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { closest } from '@tidemark/domain/definition/closest.ts';
import { classIndex, labelNumber } from '@tidemark/domain/labels/label-number.ts';
import { type LabelProblem, labelProblemSentence } from '@tidemark/domain/labels/label-problems.ts';
import type { Label } from '@tidemark/domain/labels/labels.schema.ts';
import { counted } from '@tidemark/statistics/sentence.ts';

/** Lines that are read of a file: enough to know its header, its ids and its classes, within a second. */
export const checkedLines = 1000;

/** Lines that are named; of more it is said how many. */
const namedLines = 5;
/** Spellings that the report shows. */
const shownValues = 20;

/** A label and the line that it stands in. */
export interface LabelAtLine extends Label {
  readonly line: number;
}

/** What was read of a file. */
export interface ReadFile {
  readonly labels: readonly LabelAtLine[];
  readonly notYet: number;
  readonly problems: readonly LabelProblem[];
  /** Lines that were read. */
  readonly lines: number;
  /** Whether that was all. */
  readonly isWhole: boolean;
}

/** What was found when ids were looked up among captured predictions. */
export interface LookedUp {
  readonly ids: number;
  readonly unknown: readonly string[];
  /** Whether every place was looked at, so that what is unknown is in none. */
  readonly isComplete: boolean;
}

/** Labels that the live version cannot have meant. */
export interface UnknownLabels {
  readonly code: 'no-class' | 'no-number';
  readonly count: number;
  readonly lines: readonly number[];
  /** As they are spelled: for the report only. */
  readonly values: readonly {
    readonly value: string;
    readonly count: number;
    readonly meant: string | null;
  }[];
}

/** What is found in a file of labels. */
export interface LabelFindings extends Omit<ReadFile, 'labels'> {
  /** Labels that can be read. */
  readonly labels: number;
  /** Labels that can be used, as far as can be told now. */
  readonly usable: number;
  /** `null`: no version is live, or all are known. */
  readonly unknownLabels: UnknownLabels | null;
  /** `null`: no version is live. */
  readonly ids: LookedUp | null;
  /** Labels that a later line of the file contradicts. */
  readonly overruled: number;
}

/**
 * Judges what was read of a file.
 * @param live encoding of the live version, and what is known of the ids; `null`: nothing serves
 */
export function checkLabels(
  file: ReadFile,
  live: { readonly encoding: Encoding; readonly ids: LookedUp } | null,
): LabelFindings {
  const { labels, ...read } = file;
  const unknownLabels = live === null ? null : unknownOf(labels, live.encoding);
  // A class that a model of several does not know counts as a miss.
  const isLost = live?.encoding.problem !== 'multiclass';
  return {
    ...read,
    labels: labels.length,
    usable: labels.length - (isLost ? (unknownLabels?.count ?? 0) : 0),
    unknownLabels,
    ids: live?.ids ?? null,
    overruled: overruledIn(labels),
  };
}

function unknownOf(labels: readonly LabelAtLine[], encoding: Encoding): UnknownLabels | null {
  const unknown = labels.filter(({ label }) => labelNumber(encoding, label) === null);
  if (unknown.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { label } of unknown) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  const classes = [...encoding.target.classes, ...(encoding.target.others ?? [])];
  return {
    code: encoding.problem === 'regression' ? 'no-number' : 'no-class',
    count: unknown.length,
    lines: unknown.slice(0, namedLines).map(({ line }) => line),
    values: [...counts]
      .map(([value, count]) => ({ value, count, meant: meantClass(value, classes) }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, shownValues),
  };
}

function meantClass(value: string, classes: readonly string[]): string | null {
  const bare = value.replaceAll(/[^\p{L}\p{N}]/gu, '');
  const index = classIndex(classes, bare);
  return (index === null ? closest(value, classes) : classes[index]) ?? null;
}

function overruledIn(labels: readonly LabelAtLine[]): number {
  const known = new Map<string, string>();
  let overruled = 0;
  for (const { inferenceId, label } of labels) {
    const before = known.get(inferenceId);
    if (before !== undefined && before !== String(label)) overruled += 1;
    known.set(inferenceId, String(label));
  }
  return overruled;
}

/** Whether nothing of the file is of use, and that is not an accident of timing. */
export function isRejected({ usable, notYet }: LabelFindings): boolean {
  return usable === 0 && notYet === 0;
}

/** What was found, in sentences that name the key, columns and lines, and no value. */
export function checkSentences(key: string, findings: LabelFindings): string[] {
  const { usable, problems, notYet, overruled, lines, isWhole } = findings;
  const part = isWhole ? '' : ` Only the first ${lines} lines were looked at; the next window reads all.`;
  const first =
    usable === 0
      ? `${key} holds no label that can be used.${part}`
      : `${counted(usable, 'label')} of ${key} can be used.${part}`;
  return [
    first,
    ...(lines === 0 ? ['It is empty.'] : []),
    ...(lines > 0 && findings.labels === 0 && notYet === 0 && problems.length === 0
      ? ['No line below the header has any content.']
      : []),
    ...problems.map(labelProblemSentence),
    ...unknownLabelSentences(findings),
    ...(notYet > 0
      ? [`${counted(notYet, 'prediction')} ${notYet === 1 ? 'is' : 'are'} not labelled yet.`]
      : []),
    ...idSentences(findings),
    ...(overruled > 0
      ? [
          `${counted(overruled, 'label')} ${overruled === 1 ? 'is' : 'are'} overruled by a later line of the file.`,
        ]
      : []),
  ];
}

function unknownLabelSentences({ unknownLabels }: LabelFindings): string[] {
  if (unknownLabels === null) return [];
  const { code, count, lines } = unknownLabels;
  const named = `the first in line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`;
  const what = code === 'no-number' ? 'is not a number' : 'names no class of the live version';
  const many = code === 'no-number' ? 'are not numbers' : 'name no class of the live version';
  const remedy =
    code === 'no-number'
      ? 'Write labels as numbers.'
      : 'Write classes as the data has them; the report has the spellings.';
  return [`${counted(count, 'label')} ${count === 1 ? what : many}, ${named}. ${remedy}`];
}

function idSentences({ ids }: LabelFindings): string[] {
  if (ids === null) return ['No version is live, so neither classes nor ids were looked at.'];
  const unknown = ids.unknown.length;
  if (unknown === 0) return [];
  if (!ids.isComplete) {
    return [
      `${unknown} of ${counted(ids.ids, 'inference id')} were not found among the latest predictions; there are more than are looked at here.`,
    ];
  }
  return [
    `${unknown} of ${counted(ids.ids, 'inference id')} ${unknown === 1 ? 'names' : 'name'} no prediction that was captured so far. A capture takes up to ten minutes; an id must be the one that the prediction was answered with.`,
  ];
}
