import { writeFileSync } from 'node:fs';
import type { ModelRecord, VersionRecord } from '../../functions/registry/records.schema.ts';
import type { ExecutionView } from '../progress/executions.client.ts';
import { timings } from '../progress/progress.ts';
import type { FinalEvent } from './outcome.ts';

interface SummaryFacts {
  readonly model: string;
  readonly success: boolean;
  readonly outcome: FinalEvent | undefined;
  readonly record: ModelRecord | undefined;
  readonly versions: readonly VersionRecord[];
  /** Those of this start. */
  readonly executions: readonly ExecutionView[];
}

/** Writes `summary.json`: what a program wants to know of a start. */
export function writeSummary(file: string, facts: SummaryFacts): void {
  writeFileSync(file, `${JSON.stringify(summaryOf(facts), undefined, 2)}\n`);
}

export function summaryOf({ model, success, outcome, record, versions, executions }: SummaryFacts) {
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
  };
}
