import { InvalidInputError } from '../errors.ts';
import type { Problem } from './problem.schema.ts';

/** The offenders that a report shows of each problem: enough to see the pattern. */
export const shownExamples = 5;

/** A file cannot be accepted. Thrown where reading cannot go on; caught by the validation of that file alone. */
export class UnacceptableFileError extends InvalidInputError {
  override readonly name = 'UnacceptableFileError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ what }) => what).join(' '));
  }
}

/** A problem without examples, or with some. */
export function problem(
  check: string,
  what: string,
  why: string,
  remedy: string,
  examples: Problem['examples'] = [],
): Problem {
  return { check, what, why, remedy, examples: examples.slice(0, shownExamples) };
}

/** The first problems of a file; if they are not all, the last of them says so. */
export function firstProblems(problems: readonly Problem[], most: number): Problem[] {
  if (problems.length <= most) return [...problems];
  return [
    ...problems.slice(0, most - 1),
    problem(
      'more-problems',
      'The file has more problems than a report shows.',
      'They are likely to have a common cause.',
      'Mend what is shown and drop the file again: all of it is checked then.',
    ),
  ];
}

/** Ends the reading of a file. */
export function unacceptable(...args: Parameters<typeof problem>): UnacceptableFileError {
  return new UnacceptableFileError([problem(...args)]);
}

/** `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and 3 more ``: names for a sentence, at most five of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(code);
  const more = names.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : (last ?? '');
}

/** `1 row`, `12,345 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A user's text as code in a sentence; a backtick in it would end the code. */
export function code(text: string): string {
  return `\`${visible(text).replaceAll('`', "'")}\``;
}

/** Longest piece of a user's text that is shown. */
const shownCharacters = 200;

/** A user's text as it can be shown: short, and with characters that steer terminals or hide others spelled out. */
export function visible(text: string): string {
  const characters = Array.from(text.slice(0, 2 * shownCharacters + 2));
  const shown = characters.slice(0, shownCharacters).map(spelledOut).join('');
  return characters.length > shownCharacters ? `${shown}…` : shown;
}

function spelledOut(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  // Control and format characters, and halves of a pair.
  if (!/[\p{Cc}\p{Cf}\p{Cs}]/u.test(character)) return character;
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
