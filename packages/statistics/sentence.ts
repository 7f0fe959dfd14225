import * as z from 'zod';

/**
 * A text of ours for people, which may stand in an event, a mail, a report or a log: one line of own words, with names from outside only as
 * `code` makes them. It holds no cell value. Only the functions here make one, so that a raw text from outside does not compile.
 */
export const sentenceSchema = z.string().min(1).brand<'Sentence'>();
export type Sentence = z.infer<typeof sentenceSchema>;

/** As a sentence, but with values of somebody's data: for objects that can be erased, such as reports, and for who has sent the values. */
export const revealingSchema = z.string().min(1).brand<'Revealing'>();
export type Revealing = z.infer<typeof revealingSchema>;

/** Words of ours: a type that lists texts, such as `'is' | 'are'`, is written in the sources; a `string` may come from anywhere. */
type OwnWords<T> = T extends string ? (string extends T ? never : T) : T;
type Parts<P extends readonly unknown[]> = { readonly [K in keyof P]: OwnWords<P[K]> };

/** Tag for a sentence: ``say`The file has ${counted(rows, 'row')}.` ``. */
export function say<const P extends readonly (Sentence | number | string)[]>(
  words: TemplateStringsArray,
  ...parts: Parts<P>
): Sentence {
  return sentenceSchema.parse(String.raw({ raw: words }, ...parts));
}

/** Tag for a sentence with cell values: ``reveal`The values are ${cell('yes')}.` ``. */
export function reveal<const P extends readonly (Sentence | Revealing | number | string)[]>(
  words: TemplateStringsArray,
  ...parts: Parts<P>
): Revealing {
  return revealingSchema.parse(String.raw({ raw: words }, ...parts));
}

/** Sentences one after the other. */
export function sentences(all: readonly Sentence[]): Sentence {
  return sentenceSchema.parse(all.join(' '));
}

/** Parts of a sentence as a list: `a`, `a and b`, `a, b and c`. */
export function clauses(all: readonly Sentence[]): Sentence {
  const [last, ...others] = all.toReversed();
  const before = others.reverse().join(', ');
  return sentenceSchema.parse(before === '' ? last : `${before} and ${last}`);
}

/** A name from outside (a column, a key, a field) as code in a sentence; a backtick in it would end the code. */
export function code(name: string): Sentence {
  return sentenceSchema.parse(codeOf(name));
}

/** A cell value, or whatever else may hold one (a line, an engine's message), as code. */
export function cell(value: string): Revealing {
  return revealingSchema.parse(codeOf(value));
}

function codeOf(text: string): string {
  return `\`${visible(text).replaceAll('`', "'")}\``;
}

/** Longest list of names or values in a sentence. */
const listedAtMost = 5;

/** `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and 3 more ``: names for a sentence, at most five of them. */
export function listed(names: readonly string[]): Sentence {
  return sentenceSchema.parse(listOf(names.map(codeOf)));
}

/** As `listed`, for cell values. */
export function listedCells(values: readonly string[]): Revealing {
  return revealingSchema.parse(listOf(values.map(codeOf)));
}

function listOf(codes: readonly string[]): string {
  const shown = codes.slice(0, listedAtMost);
  const more = codes.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : (last ?? 'none');
}

/** `1 row`, `12,345 rows`. */
export function counted(count: number, noun: string): Sentence {
  return sentenceSchema.parse(`${numeral(count)} ${noun}${count === 1 ? '' : 's'}`);
}

/** `12,345`. */
export function numeral(count: number): Sentence {
  return sentenceSchema.parse(count.toLocaleString('en-US'));
}

/** Longest piece of a text from outside that is shown, in characters. */
const shownCharacters = 200;

/** A text from outside as it can be shown: short, and with characters that steer terminals or hide others spelled out. */
export function visible(text: string): string {
  const characters = Array.from(text.slice(0, 2 * shownCharacters + 2));
  const shown = characters.slice(0, shownCharacters).map(spelledOut).join('');
  return characters.length > shownCharacters ? `${shown}…` : shown;
}

/** A text as one line, whatever was put into it: line ends become blanks, and what steers terminals or hides others is spelled out. */
export function oneLine(text: string): string {
  return Array.from(text.replaceAll(/\s*[\n\r\u2028\u2029]\s*/g, ' '))
    .map(spelledOut)
    .join('');
}

function spelledOut(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  // Control and format characters, line and paragraph separators, and halves of a pair.
  if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character)) return character;
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
