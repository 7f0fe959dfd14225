import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { Baseline } from '@tidemark/domain/windows/baseline.schema.ts';
import type { LateCaptures } from '@tidemark/domain/windows/window.schema.ts';
import type { WindowFacts } from '@tidemark/domain/windows/window-facts.schema.ts';
import { alphaPerWindow } from '@tidemark/statistics/drift/alpha.ts';
import { binName } from '@tidemark/statistics/drift/bins.ts';
import { sharesOf } from '@tidemark/statistics/drift/distances.ts';
import type {
  ColumnJudgement,
  ComparedColumn,
  DriftJudgement,
} from '@tidemark/statistics/drift/drift.schema.ts';
import { judgeDrift } from '@tidemark/statistics/drift/judge-drift.ts';
import { seedOf } from '@tidemark/statistics/drift/seed.ts';
import { alarmBudget } from './alarm-budget.ts';
import { attributeDrift } from './attribute-drift.ts';
import { calendarColumns, excludedColumns } from './calendar-columns.ts';
import { changedColumns } from './changed-columns.ts';
import { compareColumns } from './compare-columns.ts';
import { describeWindow } from './describe-window.ts';
import { judgeWindowQuality } from './judge-window-quality.ts';
import type { LeftOutLabels } from './left-out-labels.ts';
import { chooseReference, type EarlierWindow } from './reference.ts';
import type { Attribution, Distribution, Evidence, WindowReport } from './report.schema.ts';
import { historyAfter } from './window-history.ts';

/** What a window is judged by. */
export interface WindowToJudge {
  readonly definition: Definition;
  readonly windowId: string;
  /** The scheduled end. */
  readonly end: Date;
  readonly version: number;
  readonly baseline: Baseline;
  readonly window: WindowFacts;
  readonly late: LateCaptures;
  /** Labels that were not taken, that name no class, and that overruled others. */
  readonly labels: LeftOutLabels;
  /** Earlier windows to compare with, those that `referenceWindows` names; facts of another version are passed over. */
  readonly reference: readonly EarlierWindow[];
  /** Of the window that was finished before this one, of whatever version; `null` for the first. It remembers those before. */
  readonly previousReport: WindowReport | null;
  readonly evidence: Evidence;
}

/** Drifting columns whose drift is told apart by segments: more than anybody reads. */
const attributedColumns = 10;
/** Segments that are reported of each segment column. */
const attributedSegments = 5;
/** Categories that the model does not know, per column. */
const reportedCategories = 10;

/**
 * Judges a window: drift of every column and of the prediction, quality, and what is said of both. The same arguments give the same
 * report, and it does not depend on how the window's rows were cut into slices.
 */
export function judgeWindow(input: WindowToJudge, now: Date): WindowReport {
  const { definition, windowId, version, baseline, window } = input;
  const reference = chooseReference(definition.monitoring, baseline, input.reference);
  const calendar = calendarColumns(definition.monitoring, baseline.plan);
  const excluded = excludedColumns(definition.monitoring, baseline.plan);
  const notJudged = new Set([...calendar, ...excluded]);
  const judgedColumns = baseline.plan.columns.filter(({ name }) => !notJudged.has(name));
  const compared = compareColumns(judgedColumns, reference.facts.profile, window.profile);
  const drift = judgeDrift(compared, driftPolicy(definition, windowId));
  const ranking = ranked(drift.columns);
  const history = historyAfter(input.previousReport);
  const quality = judgeWindowQuality({ definition, windowId, version, baseline, window, history });
  const facts = {
    reference: reference.said,
    drift,
    calendar: calendar.filter((name) => !excluded.includes(name)),
    excluded,
    changedColumns: changedColumns(baseline.plan.unused, window.unused, definition.monitoring),
    attributions: attributions(drift, ranking, reference.facts, window),
    unknownCategories: unknownCategories(window),
    ...quality,
  };
  return {
    schemaVersion: 1,
    model: definition.name,
    windowId,
    end: input.end.toISOString(),
    version,
    runId: baseline.plan.runId,
    problem: baseline.plan.problem,
    judgedAt: now.toISOString(),
    ...describeWindow(facts, window, input),
    counts: { ...countsOf(window), lateCaptures: input.late, ...labelsOf(input.labels) },
    ...facts,
    ranking,
    distributions: distributions(compared, ranking),
    history,
    evidence: input.evidence,
  };
}

function driftPolicy({ monitoring }: Definition, windowId: string) {
  const { minimumDistance, minimumRows } = monitoring;
  return {
    alpha: alphaPerWindow(alarmBudget(monitoring)).drift,
    minimumDistance,
    minimumRows,
    seed: seedOf(windowId),
  };
}

/** What drifts before what does not, the prediction before features, the largest effect first; of equals, by name. */
function ranked(columns: DriftJudgement['columns']): string[] {
  const order = (column: ColumnJudgement) => [
    column.verdict === 'drift' ? 0 : 1,
    column.role === 'prediction' ? 0 : 1,
    -column.effect,
  ];
  return columns
    .toSorted((a, b) => compareNumbers(order(a), order(b)) || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** The first difference decides. */
function compareNumbers(a: readonly number[], b: readonly number[]): number {
  return a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function attributions(
  { columns }: DriftJudgement,
  ranking: readonly string[],
  reference: WindowFacts,
  window: WindowFacts,
): Attribution[] {
  const drifting = new Set(columns.flatMap(({ name, verdict }) => (verdict === 'drift' ? [name] : [])));
  return ranking
    .filter((name) => drifting.has(name))
    .slice(0, attributedColumns)
    .flatMap((name) => attributeDrift(name, reference.segments, window.segments))
    .filter(firstOfEach(attributedSegments));
}

/** Lets through the first few of each column and segment column. */
function firstOfEach(most: number): (attribution: Attribution) => boolean {
  const passed = new Map<string, number>();
  return ({ name, segment }) => {
    const key = JSON.stringify([name, segment]);
    const count = (passed.get(key) ?? 0) + 1;
    passed.set(key, count);
    return count <= most;
  };
}

function unknownCategories(window: WindowFacts): WindowReport['unknownCategories'] {
  return window.unknownCategories.map(({ column, values }) => ({
    column,
    rows: values.values.reduce((sum, [, rows]) => sum + rows, 0),
    values: values.values.slice(0, reportedCategories).map(([value, rows]) => ({ value, rows })),
  }));
}

function labelsOf({ refused, unknown, replaced }: LeftOutLabels) {
  return {
    refusedLabels: [...refused],
    unknownLabels: [...unknown],
    replacedLabels: [...replaced],
  };
}

function countsOf({ rows, earliest, latest, leftOut, labels }: WindowFacts) {
  return { rows, earliest, latest, leftOut, labels };
}

function distributions(compared: readonly ComparedColumn[], ranking: readonly string[]): Distribution[] {
  const byName = new Map(compared.map((column) => [column.name, column]));
  return ranking.flatMap((name) => {
    const column = byName.get(name);
    return column ? [distributionOf(column)] : [];
  });
}

function distributionOf(column: ComparedColumn): Distribution {
  const { name, kind, reference, current } = column;
  return {
    name,
    kind,
    bins: reference.counts.map((_, bin) => binName(column, bin)),
    edges: column.kind === 'number' ? column.edges : null,
    reference: sharesOf(reference.counts),
    current: sharesOf(current.counts),
    missing: { reference: missingShare(reference), current: missingShare(current) },
  };
}

function missingShare({ counts, missing }: ComparedColumn['reference']): number {
  const rows = counts.reduce((sum, count) => sum + count, missing);
  return rows === 0 ? 0 : missing / rows;
}
