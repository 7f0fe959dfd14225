import { unreachable } from '@tidemark/domain/errors.ts';
import type { ChangedColumnCode } from '@tidemark/domain/events/column-findings.schema.ts';
import type { UnusedColumn, UnusedFacts } from '@tidemark/domain/windows/unused-column.schema.ts';
import {
  cell,
  code,
  counted,
  numeral,
  type Revealing,
  reveal,
  type Sentence,
  say,
} from '@tidemark/statistics/sentence.ts';
import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import type { ChangedColumn } from './report.schema.ts';

/** A share of the records from which another value is more than a slip. */
const notableShare = 0.01;

/** Of so many values chance does not leave out all: where ten are expected, none has a probability of e^-10, 0.00005. */
const expectedValues = 10;

/** What of a column that the model does not read is not as it was in training. */
interface Change {
  readonly change: ChangedColumnCode;
  readonly rows: number;
  readonly sentence: Revealing | Sentence;
  readonly announcement: Sentence;
}

/**
 * Columns that the version does not read and that are no longer as they were in training. They are not tested for drift: identifiers and
 * texts are new in every row.
 * @param minimumRows with fewer records nothing is said
 */
export function changedColumns(
  columns: readonly UnusedColumn[],
  facts: readonly UnusedFacts[],
  { minimumRows, exclude }: { readonly minimumRows: number; readonly exclude: readonly string[] },
): ChangedColumn[] {
  const byName = new Map(facts.map((each) => [each.column, each]));
  return columns.flatMap((plan) => {
    const found = byName.get(plan.column);
    if (!found || found.sent < minimumRows || exclude.includes(plan.column)) return [];
    const changed = changeOf(plan, found);
    return changed ? [{ column: plan.column, of: found.sent, ...changed }] : [];
  });
}

function changeOf(plan: UnusedColumn, facts: UnusedFacts): Change | undefined {
  switch (plan.was) {
    case 'empty':
      return facts.present >= notableShare * facts.sent ? wasEmpty(facts) : undefined;
    case 'constant':
      return facts.different >= notableShare * facts.sent ? wasConstant(plan, facts) : undefined;
    case 'varied':
      if (facts.present === 0)
        return plan.presentShare * facts.sent >= expectedValues ? isEmpty(facts) : undefined;
      return facts.only === null || facts.present < expectedValues ? undefined : isConstant(plan, facts);
    default:
      return unreachable(plan.was);
  }
}

const remedy = say`The model does not use it; train again so that it can.`;

function wasEmpty({ column, sent, present }: UnusedFacts): Change {
  const sentence = say`${code(column)} was empty in training and has a value in ${numeral(present)} of ${counted(sent, 'record')} now. ${remedy}`;
  return { change: 'empty-has-values', rows: present, sentence, announcement: sentence };
}

function wasConstant({ only, type }: UnusedColumn, { column, sent, different }: UnusedFacts): Change {
  const now = say`in training and varies now: ${numeral(different)} of ${counted(sent, 'record')} have another value. ${remedy}`;
  return {
    change: 'constant-varies',
    rows: different,
    sentence: reveal`${code(column)} was constant (${cell(shown(type, only))}) ${now}`,
    announcement: say`${code(column)} was constant ${now}`,
  };
}

function isEmpty({ column, sent }: UnusedFacts): Change {
  const sentence = say`${code(column)} had values in training and has none in ${counted(sent, 'record')} now. The model does not use it; check what sends it.`;
  return { change: 'became-empty', rows: sent, sentence, announcement: sentence };
}

/** Times are kept in milliseconds. */
function shown(type: ColumnType, only: string | null): string {
  return type === 'timestamp' && only !== null ? new Date(Number(only)).toISOString() : (only ?? '');
}

function isConstant({ type }: UnusedColumn, { column, present, only }: UnusedFacts): Change {
  const now = say`in all ${counted(present, 'record')} that have one, though it varied in training. The model does not use it; check what sends it.`;
  return {
    change: 'became-constant',
    rows: present,
    sentence: reveal`${code(column)} has one value (${cell(shown(type, only))}) ${now}`,
    announcement: say`${code(column)} has one value ${now}`,
  };
}
