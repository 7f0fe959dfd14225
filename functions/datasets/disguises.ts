import { code, type Sentence, say } from '../sentence.ts';
import { literal } from './sql.ts';
import { isCodeSql, spelledSql, trimmedSql } from './value-sql.ts';

/** What a text could be meant as, besides a text. */
export const disguises = ['number', 'time', 'boolean'] as const;
export type Disguise = (typeof disguises)[number];

/** With separators of thousands or a decimal comma, a sign of a currency or of percent, accountants' brackets, a Unicode minus. */
const otherNumber =
  "[(]?[-+\u2212]?[$\u20ac\u00a3\u00a5]? ?[-+\u2212]?(?:[0-9]{1,3}(?:[,.' \u00a0\u202f][0-9]{3})+|[0-9]+)(?:[.,][0-9]+)?[ \u00a0]?[%$\u20ac\u00a3\u00a5]?[)]?";
/** Day, month and year in any order, perhaps with a time of day. */
const otherTime =
  '[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{2}|[0-9]{4})(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?';

/**
 * SQL for what a text looks like: `number`, `time`, `boolean`, `code` (digits that begin with a zero) or `text`; NULL for no value.
 * Spellings that the grammar does not read, such as `1,234.50` and `05.01.2026`, look like what they mean.
 */
export function looksLikeSql(value: string): string {
  const text = trimmedSql(value);
  const spelled = (type: 'number' | 'timestamp' | 'boolean') => spelledSql(text, type, { known: false }).fits;
  return (
    `(CASE WHEN ${value} IS NULL OR ${text} = '' THEN NULL ` +
    `WHEN ${spelled('timestamp')} OR regexp_full_match(${text}, ${literal(otherTime)}) THEN 'time' ` +
    `WHEN ${isCodeSql(text)} THEN 'code' ` +
    `WHEN ${spelled('number')} OR regexp_full_match(${text}, ${literal(otherNumber)}) THEN 'number' ` +
    `WHEN ${spelled('boolean')} THEN 'boolean' ELSE 'text' END)`
  );
}

/** Share of a column's values that must look alike for the others to be strangers. */
const nearlyAll = 0.95;
/** Of fewer values nothing is said. */
const fewestValues = 20;

/** How many values of a column look like what. */
export type Looks = Readonly<Record<Disguise | 'code' | 'text', number>>;

/** What a text column is likely to be meant as; `undefined` if it is one, or one of codes. */
export function disguiseOf(looks: Looks, share = nearlyAll): Disguise | undefined {
  const present = Object.values(looks).reduce((sum, count) => sum + count, 0);
  const found = disguises.find((disguise) => looks[disguise] >= share * present);
  if (found === undefined || present < fewestValues) return undefined;
  const areCodes = found === 'number' && looks.code > 0 && looks.code + looks.number === present;
  return areCodes ? undefined : found;
}

/** What such values are called. */
export const nouns = { number: 'numbers', time: 'times', boolean: 'truth values' } as const satisfies Record<
  Disguise,
  string
>;

const plain = {
  number: say`with digits and a decimal point alone, such as 1234.5`,
  time: say`in ISO 8601, or say how they are spelled under \`format\``,
  boolean: say`as true and false`,
} as const satisfies Record<Disguise, Sentence>;

/** What to do, as a sentence without its end, about a column that is read as text for the way its values, or a few of them, are spelled. */
export function howToWrite(column: string, disguise: Disguise, strangers: number): Sentence {
  const mended =
    strangers > 0
      ? say`Mend the others, or list them under ${code(`columns.${column}.missing`)} with ${code(`type: ${disguise}`)} if they mean missing`
      : say`Write them ${plain[disguise]}`;
  return say`${mended}, and drop all data again with \`ingestion.mode: replace\`; or say ${code('type: text')} under ${code(`columns.${column}`)} if it is one`;
}
