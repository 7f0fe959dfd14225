import type { Sentence } from '@tidemark/statistics/sentence.ts';
import type { InvocationSubject, OutcomeOfResult } from './invocation-line.schema.ts';

/** What a function says of its result. Only `told` and `toldBy` make one. */
export interface Told {
  readonly outcome: OutcomeOfResult;
  readonly code: Code;
  readonly message?: Sentence | undefined;
  readonly subject?: InvocationSubject | undefined;
}

declare const ownWord: unique symbol;
/** A word of the sources; a `string` from anywhere else does not compile. */
export type Code = string & { readonly [ownWord]: true };
type OwnWord<W extends string> = string extends W ? never : W;

type More = Pick<Told, 'message' | 'subject'>;

/** Says that a result is of this outcome; `code` is a word for it that the sources list. */
export function told<const W extends string>(
  outcome: OutcomeOfResult,
  code: OwnWord<W>,
  more: More = {},
): Told {
  // A brand is for the compiler alone.
  return { outcome, code: code as string as Code, ...more };
}

/** As `told`, for a result that says itself by a word what it is: the table has an outcome for each word that there is. */
export function toldBy<const W extends string>(
  table: Readonly<Record<W, OutcomeOfResult>>,
): (word: OwnWord<W>, more?: More) => Told {
  return (word, more) => told(table[word as W], word, more);
}
