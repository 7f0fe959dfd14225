import type { AnnouncedColumns, ColumnFindingCode } from '@tidemark/domain/events/column-findings.schema.ts';
import {
  code,
  counted,
  type Revealing,
  reveal,
  type Sentence,
  say,
  sentences,
} from '@tidemark/statistics/sentence.ts';
import type { ColumnFinding } from './column-finding.schema.ts';
import type { ColumnStatistics } from './column-statistics.ts';

/** What a finding is about. */
export type ColumnOfFinding = Pick<ColumnStatistics, 'column' | 'present' | 'distinct'>;

/** How a finding is worded: the clause that follows the column's name, without and with the value that it is about. */
export interface Wording {
  readonly clause: Sentence;
  /** Without it the clause holds no value anyway. */
  readonly withValue?: Sentence | Revealing;
}

/** A column that the model does not read. */
export function leftOut(
  why: ColumnFindingCode,
  found: ColumnOfFinding,
  rows: number,
  { clause, withValue = clause }: Wording,
  level: ColumnFinding['level'] = 'note',
): ColumnFinding {
  const { name } = found.column;
  return {
    ...countsOf(why, found, rows),
    level,
    used: false,
    sentence: reveal`${code(name)} is left out: ${withValue}.`,
    announcement: say`${code(name)} is left out: ${clause}.`,
  };
}

/** A column that is worth a warning, whether the model reads it or not. */
export function warned(
  why: ColumnFindingCode,
  found: ColumnOfFinding,
  rows: number,
  used: boolean,
  { clause, withValue = clause }: Wording,
): ColumnFinding {
  const { name } = found.column;
  return {
    ...countsOf(why, found, rows),
    level: 'warning',
    used,
    sentence: reveal`${code(name)} ${withValue}`,
    announcement: say`${code(name)} ${clause}`,
  };
}

function countsOf(code: ColumnFindingCode, { column, present, distinct }: ColumnOfFinding, rows: number) {
  const counted = column.type === 'string' && present > 0 ? Math.round(distinct) : null;
  return { column: column.name, code, rows, present, distinct: counted };
}

/**
 * Columns that an event names. Names of two thousand, at 128 characters, would not fit into the 256 KiB that a state machine passes
 * on, and three events of a registration are passed on together.
 */
const announcedColumns = 50;

/** Warnings that a message holds in words, and left-out columns that it names. */
const [sentencesInMessage, namesInMessage] = [3, 8];

/** The findings as events have them. */
export function announcedFindings(findings: readonly ColumnFinding[]): AnnouncedColumns {
  const ordered = warningsFirst(findings);
  return {
    named: ordered.slice(0, announcedColumns).map(({ column, code, level }) => ({ column, code, level })),
    more: Math.max(0, ordered.length - announcedColumns),
  };
}

/** The findings in a few sentences without any value; `undefined` if there are none. */
export function findingsMessage(findings: readonly ColumnFinding[]): Sentence | undefined {
  const warnings = findings.filter(({ level }) => level === 'warning');
  const others = findings.filter(({ level, used }) => level === 'note' && !used);
  const told = warnings.slice(0, sentencesInMessage).map(({ announcement }) => announcement);
  const untold = warnings.length - told.length;
  const all = [
    ...told,
    ...(untold > 0 ? [say`The evaluation has ${counted(untold, 'more warning')}.`] : []),
    ...(others.length > 0 ? [leftOutSentence(others)] : []),
  ];
  return all.length === 0 ? undefined : sentences(all);
}

function leftOutSentence(findings: readonly ColumnFinding[]): Sentence {
  const named = findings
    .slice(0, namesInMessage)
    .map(({ column, code: why }) => say`${code(column)} (${words[why]})`);
  const more = findings.length - named.length;
  const list = named.reduce((before, each) => say`${before}, ${each}`);
  const count = counted(findings.length, 'column');
  return more > 0 ? say`${count} not used: ${list} and ${more} more.` : say`${count} not used: ${list}.`;
}

/** Warnings first, otherwise in the given order. */
export function warningsFirst(findings: readonly ColumnFinding[]): ColumnFinding[] {
  return findings.toSorted((a, b) => Number(b.level === 'warning') - Number(a.level === 'warning'));
}

const words = {
  empty: 'empty',
  constant: 'constant',
  identifier: 'identifier',
  'free-text': 'free text',
  'too-rare': 'too rare',
  'rare-values': 'too many rare values',
  'short-time': 'too short a time',
  entity: 'entity',
  weight: 'weight',
  'not-a-feature': 'not a feature',
  'number-as-text': 'numbers spelled as text',
  'time-as-text': 'times spelled as text',
  'boolean-as-text': 'truth values spelled as text',
  'missing-or-value': 'missing or a value',
  'mostly-rare-text': 'mostly rare text',
  'included-identifier': 'identifier',
  leak: 'gives the answer away',
  'leak-by-missingness': 'gives the answer away by having a value',
} as const satisfies Record<ColumnFindingCode, string>;
