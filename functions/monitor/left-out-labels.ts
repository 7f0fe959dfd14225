import type { ReplacedLabels } from '@tidemark/domain/labels/replaced-labels.ts';
import type { LabelCounts } from '@tidemark/domain/windows/window-facts.schema.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import type { RefusedLabels, UnknownLabel } from './report.schema.ts';

/** Labels that a window did not take, that name no class, and that were replaced by others. */
export interface LeftOutLabels {
  readonly refused: readonly RefusedLabels[];
  readonly unknown: readonly UnknownLabel[];
  readonly replaced: readonly ReplacedLabels[];
}

/** Files that are named; of more it is said how many. */
const namedFiles = 5;

/** What was not taken, why, and what to do. Names keys, columns and lines, no values. */
export function refusedLabelNotes(refused: readonly RefusedLabels[]): string[] {
  const whole = refused.filter(({ count }) => count === null);
  const named = whole.slice(0, namedFiles).map(({ key, why }) => `${key} (${why})`);
  const lines = refused.filter(({ count }) => count !== null);
  const rest = lines.length - namedFiles;
  return [
    ...(whole.length === 0
      ? []
      : [
          `Labels were not taken: ${named.join(', ')}${andMore(whole.length - named.length)}. Put them again, in smaller files.`,
        ]),
    ...lines
      .slice(0, namedFiles)
      .map(({ key, why, count }) => `${counted(count ?? 0, 'line')} of ${key} could not be read. ${why}`),
    ...(rest > 0 ? [`${rest} more such notes are in the report, under counts.refusedLabels.`] : []),
  ];
}

/** How many labels were not used, and why, in a sentence; none: all were. */
export function unusedLabelSentences({ malformed, unknownClass, unmatched, notYet }: LabelCounts): string[] {
  const unused = malformed + unknownClass + unmatched;
  const parts = [
    ...(malformed > 0 ? [`${malformed} that cannot be read`] : []),
    ...(unknownClass > 0 ? [`${unknownClass} of a class that the version does not have`] : []),
    ...(unmatched > 0 ? [`${unmatched} of a prediction that was not captured`] : []),
  ];
  const verb = unused === 1 ? 'was' : 'were';
  return [
    ...(unused === 0 ? [] : [`${counted(unused, 'label')} ${verb} not used: ${parts.join(', ')}.`]),
    ...(notYet === 0
      ? []
      : [`${counted(notYet, 'prediction')} ${notYet === 1 ? 'is' : 'are'} not labelled yet.`]),
  ];
}

/** Whose labels were contradicted by whose: any writer of labels may do that. */
export function replacedSentences(replaced: readonly ReplacedLabels[]): string[] {
  if (replaced.length === 0) return [];
  const named = replaced.slice(0, namedFiles).map(({ key, by, count }) => {
    const whose = key === by ? 'later lines or another version of the same file' : by;
    return `${counted(count, 'label')} of ${key} by ${whose}`;
  });
  return [
    `Labels were contradicted by others that came later: ${named.join(', ')}${andMore(replaced.length - named.length)}.`,
  ];
}

/** Labels that name no class, as they are spelled. For the report only: an event holds no values. */
export function unknownLabelNotes(unknown: readonly UnknownLabel[]): string[] {
  if (unknown.length === 0) return [];
  const named = unknown.slice(0, namedFiles).map(({ value, count }) => `\`${value}\` ${times(count)}`);
  return [
    `Labels that name no class of the version: ${named.join(', ')}${andMore(unknown.length - named.length)}. Write them as the data has them.`,
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function andMore(others: number): string {
  return others > 0 ? ` and ${others} more` : '';
}
