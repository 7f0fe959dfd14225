import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import type { Failure } from '@tidemark/domain/executions/failure.ts';
import type { ModelRecord, RunRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { Run } from './run.schema.ts';

/** What becomes of the registry when a run has failed. */
export interface FailureRecord {
  readonly run: Run;
  /** Whether the run still has the model; if not, the lease is another's to free. */
  readonly holdsLease: boolean;
  readonly failure: Failure;
  readonly event: DomainEvent<'training.failed'>;
  readonly endedAt: string;
}

interface RegistryFacts {
  readonly run: Pick<RunRecord, 'status' | 'version'>;
  readonly model: Pick<ModelRecord, 'lease' | 'liveVersion'>;
}

/**
 * Records a failure and frees the model.
 * @returns `undefined` when the run has ended already: a version that is registered stays registered
 */
export function decideFailureRecord(
  run: Run,
  failure: Failure,
  facts: RegistryFacts,
  now: Date,
): FailureRecord | undefined {
  if (facts.run.status !== 'running') return undefined;
  const { model, runId, datasetId, causeId } = run;
  const { error } = failure;
  const message = `Training ${model} with ${datasetId} failed: ${failure.message} ${nextSentence(error, model, facts.model)}`;
  return {
    run,
    holdsLease: facts.model.lease?.owner === run.leaseOwner,
    failure: { error, message: failure.message, said: failure.said },
    event: domainEvent('training.failed', { model, runId, datasetId, causeId, error, message }, now),
    endedAt: now.toISOString(),
  };
}

function nextSentence(error: string, model: string, { liveVersion }: RegistryFacts['model']): string {
  // See `ModelRetiredError`: there is nothing to try again.
  if (error === 'ModelRetiredError') return 'No version was registered.';
  const again = `To try again, start train with { "model": "${model}" }.`;
  return liveVersion === null ? again : `Version ${liveVersion} still serves. ${again}`;
}
