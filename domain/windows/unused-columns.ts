import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import { readJsonValue } from '@tidemark/statistics/tables/read-value.ts';
import type { RawRecord } from './monitored.schema.ts';
import type { UnusedColumn, UnusedFacts } from './unused-column.schema.ts';

/** Of a value that is remembered: enough to tell two apart, and no document. */
const rememberedCharacters = 200;

/** Counts what records hold in the columns that a version does not read: a few numbers each, and one value. */
export class UnusedColumnCounter {
  readonly #columns: readonly { readonly plan: UnusedColumn; readonly facts: UnusedFacts }[];

  constructor(columns: readonly UnusedColumn[]) {
    this.#columns = columns.map((plan) => ({
      plan,
      facts: { column: plan.column, sent: 0, present: 0, different: 0, only: null, several: false },
    }));
  }

  add(record: RawRecord): void {
    for (const { plan, facts } of this.#columns) {
      if (!Object.hasOwn(record, plan.column)) continue;
      facts.sent += 1;
      const value = spelled(plan.type, record[plan.column]);
      if (value === null) continue;
      facts.present += 1;
      if (plan.was === 'constant' && value !== plan.only) facts.different += 1;
      remember(facts, value);
    }
  }

  facts(): UnusedFacts[] {
    return this.#columns.map(({ facts }) => ({ ...facts }));
  }
}

function remember(facts: UnusedFacts, value: string): void {
  if (facts.several || facts.only === value) return;
  facts.several = facts.only !== null;
  facts.only = facts.several ? null : value;
}

/** Facts of disjoint records, counted for one version, as those of all. */
export function mergeUnusedFacts(parts: readonly (readonly UnusedFacts[])[]): UnusedFacts[] {
  const [first = [], ...others] = parts;
  return others.reduce<UnusedFacts[]>(
    (merged, part) => merged.map((facts, index) => mergeTwo(facts, part[index] ?? facts)),
    [...first],
  );
}

function mergeTwo(a: UnusedFacts, b: UnusedFacts): UnusedFacts {
  const differ = a.only !== null && b.only !== null && a.only !== b.only;
  const several = a.several || b.several || differ;
  return {
    column: a.column,
    sent: a.sent + b.sent,
    present: a.present + b.present,
    different: a.different + b.different,
    only: several ? null : (a.only ?? b.only),
    several,
  };
}

/** A value of a record or of a dataset in one spelling, whatever JSON or CSV made of it; `null` where it is missing. */
export function spelled(type: ColumnType, value: unknown): string | null {
  const read = readJsonValue(type, value);
  if (read.kind === 'missing') return null;
  const text = read.kind === 'value' ? read.value : typeof value === 'object' ? JSON.stringify(value) : value;
  return String(text).trim().slice(0, rememberedCharacters);
}
