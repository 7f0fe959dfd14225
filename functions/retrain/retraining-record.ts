import { InvariantError } from '@tidemark/domain/errors.ts';
import type { Episode, ModelRecord, RetrainingRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { Clocks } from '@tidemark/domain/registry/windows-clock.ts';
import { type RetrainRequest, triggerOf } from './retrain-request.schema.ts';
import type { ExportedRows } from './workflow.schema.ts';

/** A request that an execution has to decide. */
export interface RetrainingQuestion {
  readonly request: RetrainRequest;
  readonly executionArn: string;
  readonly retrainingId: string;
  /** What its events are caused by. */
  readonly causeId: string;
  /** `null`: not counted yet. */
  readonly exported: ExportedRows | null;
  /** How often the execution has waited for the model. */
  readonly waits: number;
}

/**
 * The record of a retraining that begins.
 * @param datasetId what is trained; `null`: what the exported rows make of it
 */
export function newRetraining(
  { request, retrainingId, executionArn, exported }: RetrainingQuestion,
  { model, episode }: { readonly model: ModelRecord; readonly episode: Episode | null },
  datasetId: string | null,
  { wall, windows }: Clocks,
): RetrainingRecord {
  if (model.liveVersion === null) throw new InvariantError(`${model.model} has no live version to replace.`);
  const files = datasetId === null ? (exported?.files ?? null) : null;
  return {
    model: model.model,
    retrainingId,
    trigger: triggerOf(request),
    episodeId: episode?.episodeId ?? null,
    version: model.liveVersion,
    executionArn,
    startedAt: wall.toISOString(),
    askedAt: windows.toISOString(),
    status: 'open',
    statusReason: null,
    newRows: files === null ? 0 : (exported?.rows ?? 0),
    rows: files?.rows ?? null,
    inferenceIds: files?.inferenceIds ?? null,
    labels: files === null ? null : (exported?.labels ?? null),
    datasetId,
    runId: null,
  };
}
