import { sumOf } from '../metrics/sums.ts';
import { movedBins } from './bins.ts';
import { type ColumnDistances, columnDistances } from './column-distances.ts';
import { makeTests, plannedTests, type RawTest } from './column-tests.ts';
import { contingency, isComparable } from './contingency.ts';
import {
  type BinCounts,
  type ColumnJudgement,
  type ComparedColumn,
  type DriftJudgement,
  type DriftPolicy,
  type DriftPolicyInput,
  type DriftTest,
  driftPolicySchema,
} from './drift.schema.ts';
import { columnSentence, leastReferenceRows, windowSentence } from './drift-sentences.ts';
import { adjustedPs } from './false-discovery.ts';
import { probabilityAbove, rankSum } from './rank-sum.ts';

/**
 * Judges a window column by column.
 *
 * A column drifts if a null-calibrated test of it is significant, all tests of all columns considered, **and** it has moved
 * by at least `minimumDistance`: the first keeps small windows from false alarms, the second large ones from true trifles.
 * The window drifts if a column does. The same arguments give the same judgement, bit by bit.
 *
 * @throws InvariantError if the two sides of a column have different bins.
 */
export function judgeDrift(
  columns: readonly ComparedColumn[],
  policyInput: DriftPolicyInput,
): DriftJudgement {
  const policy = driftPolicySchema.parse(policyInput);
  const rows = { reference: mostRows(columns, 'reference'), current: mostRows(columns, 'current') };
  const isEnough = rows.current >= policy.minimumRows && rows.reference >= leastReferenceRows;
  const tests = isEnough ? testAll(columns, policy) : [];
  const judged = columns.map((column, index) => judgeColumn(column, tests[index], policy));
  const drifts = judged.some(({ verdict }) => verdict === 'drift');
  const judgement = {
    version: 1,
    verdict: !isEnough ? 'insufficient-data' : drifts ? 'drift' : 'stable',
    isClear: isEnough && judged.every(({ isClear }) => isClear),
    policy,
    rows,
    tests: tests.reduce((sum, { length }) => sum + length, 0),
    columns: judged,
  } as const;
  return { ...judgement, sentence: windowSentence(judgement) };
}

/** A column that is absent from one side has no rows there; the others have all. */
function mostRows(columns: readonly ComparedColumn[], side: 'reference' | 'current'): number {
  return columns.reduce((most, column) => Math.max(most, rowsOf(column[side])), 0);
}

function rowsOf({ counts, missing }: BinCounts): number {
  return sumOf(counts) + missing;
}

/** The tests of each column, corrected for all that are made. */
function testAll(columns: readonly ComparedColumn[], policy: DriftPolicy): DriftTest[][] {
  const count = columns.reduce((sum, column) => sum + plannedTests(column).length, 0);
  const raw = columns.map((column) => makeTests(column, count, policy));
  const adjusted = adjustedPs(
    raw.flat().map(({ p }) => p),
    policy.procedure,
  );
  let next = 0;
  const correct = (test: RawTest): DriftTest => {
    const adjustedP = adjusted[next] ?? 1;
    next += 1;
    return { ...test, adjustedP, significant: adjustedP <= policy.alpha };
  };
  return raw.map((tests) => tests.map(correct));
}

/** @param tests `undefined` when there are too few rows to judge. */
function judgeColumn(
  column: ComparedColumn,
  tests: readonly DriftTest[] | undefined,
  policy: DriftPolicy,
): ColumnJudgement {
  const distances = columnDistances(column);
  const isJudged = tests !== undefined && column.presence !== 'unknown-to-reference';
  const drifting = isJudged ? driftingOf(column, tests, distances, policy.minimumDistance) : [];
  const lingering = isJudged
    ? driftingOf(column, tests, distances, policy.clearShare * policy.minimumDistance)
    : [];
  const shareAbove = shareAboveOf(column);
  const judged = {
    name: column.name,
    role: column.role,
    kind: column.kind,
    presence: column.presence,
    verdict: !isJudged ? 'not-judged' : drifting.length > 0 ? 'drift' : 'stable',
    isClear: tests !== undefined && lingering.length === 0,
    drifting,
    rows: { reference: rowsOf(column.reference), current: rowsOf(column.current) },
    missingShare: { reference: missingShare(column.reference), current: missingShare(column.current) },
    tests: [...(tests ?? [])],
    distances: [...distances.all],
    effect: column.presence === 'absent-in-window' ? 1 : Math.max(distances.values, distances.missing),
    ...(shareAbove !== undefined && { shareAbove }),
    movedBins: movedBins(column),
  } as const satisfies Omit<ColumnJudgement, 'sentence'>;
  return { ...judged, sentence: columnSentence(column, judged, policy) };
}

/** What has changed significantly, and by at least this distance. */
function driftingOf(
  { presence }: ComparedColumn,
  tests: readonly DriftTest[],
  distances: ColumnDistances,
  distance: number,
): ColumnJudgement['drifting'] {
  // Not by chance: a column that every prediction had does not vanish from all of them.
  if (presence === 'absent-in-window') return ['presence'];
  const isSignificant = (isOfKind: (test: DriftTest) => boolean) =>
    tests.some((test) => test.significant && isOfKind(test));
  const values = isSignificant(({ what }) => what !== 'missing') && distances.values >= distance;
  const missing = isSignificant(({ what }) => what === 'missing') && distances.missing >= distance;
  return [...(values ? (['values'] as const) : []), ...(missing ? (['missing'] as const) : [])];
}

function missingShare(side: BinCounts): number {
  const rows = rowsOf(side);
  return rows === 0 ? 0 : side.missing / rows;
}

function shareAboveOf({ kind, reference, current }: ComparedColumn): number | undefined {
  const table = contingency(reference.counts, current.counts);
  if (kind !== 'number' || !isComparable(table)) return undefined;
  const ofSmaller = probabilityAbove(table, rankSum(table).statistic(table.counts));
  return table.smallerIsSecond ? ofSmaller : 1 - ofSmaller;
}
