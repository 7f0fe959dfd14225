import { InvalidInputError } from '@tidemark/domain/errors.ts';
import { type Revealing, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import type { DataFinding, Example } from './data-finding.schema.ts';

/** The offenders that a report shows of each problem: enough to see the pattern. */
export const shownExamples = 5;

/** A file cannot be accepted. Thrown where reading cannot continue; caught by the validation of that file alone. */
export class UnacceptableFileError extends InvalidInputError {
  override readonly name = 'UnacceptableFileError';

  constructor(readonly problems: readonly DataFinding[]) {
    super(problems.map(({ what }) => what).join(' '));
  }
}

/** What reports show of a problem besides its sentences: a sentence with values, offenders. */
export interface FindingEvidence {
  readonly shown?: Revealing;
  readonly examples?: readonly Example[];
}

/**
 * A problem. Its sentences go into events and hold no value of the data: values are for the evidence, which only reports show.
 * @param evidence offenders, or offenders and a sentence with values
 */
export function dataFinding(
  check: string,
  what: Sentence,
  why: Sentence,
  remedy: Sentence,
  evidence: FindingEvidence | readonly Example[] = {},
): DataFinding {
  const { shown = null, examples = [] } = isList(evidence) ? { examples: evidence } : evidence;
  return { check, what, why, remedy, shown, examples: examples.slice(0, shownExamples) };
}

/** `Array.isArray` does not know read-only lists. */
function isList(evidence: FindingEvidence | readonly Example[]): evidence is readonly Example[] {
  return Array.isArray(evidence);
}

/** The first problems of a file; if they are not all, the last of them says so. */
export function firstFindings(problems: readonly DataFinding[], most: number): DataFinding[] {
  if (problems.length <= most) return [...problems];
  return [
    ...problems.slice(0, most - 1),
    dataFinding(
      'more-problems',
      say`The file has more problems than a report shows.`,
      say`They are likely to have a common cause.`,
      say`Correct what is shown and drop the file again: all of it is checked then.`,
    ),
  ];
}

/** Ends the reading of a file. */
export function unacceptable(...args: Parameters<typeof dataFinding>): UnacceptableFileError {
  return new UnacceptableFileError([dataFinding(...args)]);
}
