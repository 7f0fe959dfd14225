import type { ModelRecord, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { writeStateFile } from '@tidemark/region/host';
import type { Evaluation } from '../../functions/train/evaluation.schema.ts';
import type { ExecutionView } from '../progress/executions.client.ts';
import { timings } from '../progress/progress.ts';
import type { FinalEvent } from './drop-outcome.ts';
import type { Replayed } from './replay/replay.ts';

/** What came of a replay, and what the version is worth that it led to. */
export type ReplayResult = Replayed & { readonly evaluation: Evaluation | undefined };

interface SummaryFacts {
  readonly model: string;
  readonly success: boolean;
  readonly outcome: FinalEvent | undefined;
  readonly record: ModelRecord | undefined;
  readonly versions: readonly VersionRecord[];
  /** By version. */
  readonly evaluations: ReadonlyMap<number, Evaluation>;
  /** Those of this start. */
  readonly executions: readonly ExecutionView[];
  /** What came of the traffic, if there was any. */
  readonly replayed: ReplayResult | undefined;
}

/** Writes `summary.json`: what a program wants to know of a start. */
export function writeSummary(file: string, facts: SummaryFacts): void {
  writeStateFile(file, `${JSON.stringify(summaryOf(facts), undefined, 2)}\n`);
}

export function summaryOf(facts: SummaryFacts) {
  const { model, success, outcome, record, versions, evaluations, executions, replayed } = facts;
  return {
    model,
    success,
    liveVersion: record?.liveVersion ?? null,
    outcome: outcome ? { type: outcome.type, message: outcome.detail.message } : null,
    /** Seconds from the start of the process to its writing this. */
    seconds: process.uptime(),
    versions: versions.map(
      ({ version, status, statusReason, runId, dataset, metrics, gates, comparedWith, served }) => ({
        version,
        status,
        statusReason,
        runId,
        dataset: { datasetId: dataset.datasetId, rows: dataset.rows, splitRows: dataset.splitRows },
        metrics,
        gates,
        comparedWith,
        served,
        positive: evaluations.get(version)?.positive ?? null,
        /** Those that the version does not use, or uses with a warning. */
        columns: evaluations.get(version)?.columns ?? [],
      }),
    ),
    executions: executions.map((execution) => ({
      capability: execution.capability,
      arn: execution.arn,
      status: execution.status,
      startedAt: new Date(execution.startedAt).toISOString(),
      seconds: execution.endedAt === undefined ? null : (execution.endedAt - execution.startedAt) / 1000,
      states: timings(execution),
    })),
    replay: replayed ? replaySummary(replayed) : null,
  };
}

function replaySummary({ conclusion, windows, events, evaluation }: ReplayResult) {
  return {
    conclusion,
    windows,
    suppressed: events.flatMap(({ type, detail }) =>
      type === 'retraining.suppressed'
        ? [{ time: detail.time, trigger: detail.trigger, reason: detail.reason, message: detail.message }]
        : [],
    ),
    comparison: evaluation?.comparison ?? null,
  };
}
