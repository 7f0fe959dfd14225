import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import type { Proof, Rollout } from './rollout.schema.ts';
import type { StatusChange } from './status-change.ts';

/** What becomes of the registry when a version has been proven to serve. */
export interface Promotion {
  readonly statusChanges: readonly StatusChange[];
  readonly event: DomainEvent<'deployment.succeeded'>;
}

interface ProvenDeployment {
  readonly deployment: Rollout;
  readonly endpointConfigName: string;
  readonly proof: Extract<Proof, { outcome: 'proven' }>;
}

/** The version goes live, and the one that was live when the deployment began retires. */
export function decidePromotion(proven: ProvenDeployment, now: Date): Promotion {
  const { deployment, endpointConfigName, proof } = proven;
  const { model, causeId, version, endpointName, expectedLiveVersion } = deployment;
  const wasLive = expectedLiveVersion === version;
  const replaced = wasLive ? null : expectedLiveVersion;
  const { provenAt, resolvedImage } = proof;
  const served = { endpointName, endpointConfigName, provenAt, resolvedImage };
  const message = successMessage(deployment, replaced, proof.rows);
  return {
    statusChanges: [
      { version, from: wasLive ? 'live' : 'deploying', to: 'live', reason: null, served },
      ...(replaced === null ? [] : [retirement(replaced, version)]),
    ],
    event: domainEvent(
      'deployment.succeeded',
      { model, causeId, version, endpointName, replaced, message },
      now,
    ),
  };
}

function retirement(replaced: number, version: number): StatusChange {
  return { version: replaced, from: 'live', to: 'retired', reason: `Version ${version} replaced it.` };
}

function successMessage(
  { model, version, endpointName }: Rollout,
  replaced: number | null,
  rows: number,
): string {
  const proven = `Version ${version} of ${model} is live: the endpoint ${endpointName} answers ${counted(rows, 'hold-out row')} as recorded.`;
  if (replaced === null) return proven;
  return `${proven} It replaced version ${replaced}; to go back, deploy { "model": "${model}", "version": ${replaced} }.`;
}
