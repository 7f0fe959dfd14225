/** What every text of the data has in it, and how every number of it begins: neither occurs by chance. */
export const [mark, digits] = ['zqx', '71309'];

/** A row of marked data. */
export interface Row {
  readonly age: number;
  readonly plan: string;
  readonly note: string;
  readonly constant: string;
  readonly churned: string;
}

/** A row of a law that can be learnt. @param shift moves the numbers, as a drift does */
export function row(index: number, shift = 0): Row {
  const isOld = (index * 7919) % 10 < 4 + (index % 3);
  return {
    age: Number(
      `${digits}${String(100 + (isOld ? 500 : 0) + ((index * 31) % 300) + shift).padStart(4, '0')}`,
    ),
    plan: `${mark}plan${index % 4}`,
    note: `${mark} said ${mark}word${index % 97} and ${mark}word${(index * 13) % 89}`,
    constant: `${mark}constant`,
    churned: `${mark}${isOld ? 'yes' : 'no'}`,
  };
}

export const rows = Array.from({ length: 900 }, (_, index) => row(index));
const header = Object.keys(rows[0] ?? {}).join(',');
const line = (each: Row) => Object.values(each).join(',');
export const csv = (all: readonly Row[]) => `${[header, ...all.map(line)].join('\n')}\n`;
const broken = (change: (each: Row, index: number) => Partial<Record<keyof Row, unknown>>) =>
  csv(rows.map((each, index) => ({ ...each, ...change(each, index) }) as Row));
const jsonLines = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).join('\n');

interface BadFile {
  readonly text: string;
  /** Whether its report has values to show. */
  readonly shown: boolean;
}
const withValues = (text: string): BadFile => ({ text, shown: true });
const withoutValues = (text: string): BadFile => ({ text, shown: false });

/** Files that are rejected, each for a reason of its own, with a value where the reason is. */
export const badFiles = {
  'ragged.csv': withValues(`${csv(rows)}${digits}1,${mark}plan,${mark}\n`),
  'open-quote.csv': withValues(`${csv(rows)}"${mark}open,${digits}1\n`),
  'no-header.csv': withValues(`${rows.map(line).join('\n')}\n`),
  'names-twice.csv': withValues(
    `${mark}a,${mark}a\n${rows.map(({ age, plan }) => `${age},${plan}`).join('\n')}\n`,
  ),
  'one-column.csv': withValues(`${rows.map(({ note }) => note).join('\n')}\n`),
  'other-type.csv': withValues(broken((_, index) => (index % 50 === 0 ? { age: `${mark}old` } : {}))),
  'infinite.csv': withValues(broken((_, index) => (index === 7 ? { age: `${digits}e400` } : {}))),
  'too-large.csv': withValues(broken((_, index) => (index === 7 ? { age: `${digits}e36` } : {}))),
  'third-class.csv': withValues(broken((_, index) => (index % 9 === 0 ? { churned: `${mark}perhaps` } : {}))),
  'one-class.csv': withValues(broken(() => ({ churned: `${mark}yes` }))),
  'other-classes.csv': withValues(broken((each) => ({ churned: `${each.churned}!` }))),
  'few.csv': withoutValues(csv(rows.slice(0, 60))),
  'same.csv': withValues(csv(Array.from({ length: 400 }, () => row(3)))),
  'new-column.csv': withoutValues(
    csv(rows).replaceAll('\n', `,${mark}more\n`).replace(`,${mark}more`, ',more'),
  ),
  'nested.jsonl': withoutValues(jsonLines(rows.map((each) => ({ ...each, note: { text: each.note } })))),
  'array.json': withoutValues(JSON.stringify(rows.map(({ age, plan }) => ({ age, plan })))),
  'cut-off.jsonl': withValues(`${jsonLines(rows)}\n{"age": ${digits}1, "plan": "${mark}cut`),
  'twice.jsonl': withoutValues(
    `${jsonLines(rows)}\n{"age": ${digits}1, "age": ${digits}2, "plan": "${mark}b"}`,
  ),
  'latin.csv': withoutValues(`${csv(rows)}${digits}1,${mark}\u0000,${mark},${mark},${mark}yes\n`),
} as const satisfies Readonly<Record<string, BadFile>>;

/** Whether a text has a value of the data in it. */
export const isMarked = (text: string): boolean => text.includes(mark) || text.includes(digits);
