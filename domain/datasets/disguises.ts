import { code, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { isCodeSql, spelledSql, trimmedSql } from '@tidemark/statistics/tables/value-sql.ts';

/** What a text could be meant as, besides a text. */
export const disguises = ['number', 'time', 'boolean'] as const;
export type Disguise = (typeof disguises)[number];

/** With separators of thousands (also as in India and Switzerland) or a decimal comma, a sign or name of a currency, a unit, percent, accountants' brackets, a minus behind. */
const sign = '[-+\u2212]?';
const digits =
  "(?:[0-9]{1,3}(?:[,.' \u00a0\u202f\u2019][0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}|[0-9]+)(?:[.,][0-9]+)?";
const currency = '(?:[$\u20ac\u00a3\u00a5]|USD|EUR|GBP|CHF|JPY)';
const unit = '(?:%|\u00b0?[CF]|[kKM]|[kmc]?m|[km]?g|lbs?|[kM]?Wh?|[kKMGT]B|ms|s|min|h)';
const otherNumber = `[(]?${sign}${currency}? ?${sign}${digits}[ \u00a0]?(?:${currency}|${unit}|-)?[)]?`;
/** Day, month and year in any order, the month perhaps by its name, perhaps with a time of day; and as mails have it. */
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const timeOfDay =
  '(?:,?[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?(?: ?[AaPp][.]?[Mm][.]?)?)?(?: (?:GMT|UTC|[-+][0-9]{4}))?';
const otherTime = `(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{2}|[0-9]{4})|(?:[A-Z][a-z]{2}, )?[0-9]{1,2}[ -]${month}[ -](?:[0-9]{2}|[0-9]{4})|${month} [0-9]{1,2},? [0-9]{4})${timeOfDay}`;

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
  time: say`in ISO 8601, or say how they are spelled, such as \`{ type: time, format: "%d.%m.%Y" }\``,
  boolean: say`as true and false`,
} as const satisfies Record<Disguise, Sentence>;

/** What to do, as a sentence without its end, about a column that is read as text for the way its values, or a few of them, are spelled. */
export function howToWrite(column: string, disguise: Disguise, strangers: number): Sentence {
  const corrected =
    strangers > 0
      ? say`Correct the others, or list them under ${code(`columns.${column}.missing`)} with ${code(`type: ${disguise}`)} if they mean missing`
      : say`Write them ${plain[disguise]}`;
  return say`${corrected}, and drop all data again with \`ingestion.mode: replace\`; or say ${code('type: text')} under ${code(`columns.${column}`)} if it is one`;
}
