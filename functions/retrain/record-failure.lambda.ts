import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { type DomainEvent, eventIdOf } from '@tidemark/domain/events/domain-event.ts';
import {
  type RecordedFailure,
  recordFailureInputSchema,
} from '@tidemark/domain/executions/failure.schema.ts';
import { describeFailure, type Failure } from '@tidemark/domain/executions/failure.ts';
import { toldFailure } from '@tidemark/domain/executions/recorded-failure.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { runIdOf } from '@tidemark/domain/names.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { retrainingAbandoned, retrainingSuppressed } from './retrain-events.ts';
import {
  causeOfRetrainRequest,
  deliveryOf,
  type RetrainRequest,
  retrainRequestSchema,
  triggerOf,
} from './retrain-request.schema.ts';
import { Retrainings } from './retrainings.client.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const retrainings = new Retrainings(table);

/**
 * Gives up what an execution that failed had begun, or says that nothing was decided, so that no caller waits for an answer and no
 * open retraining holds back the next. Safe to repeat; a retraining that trains is left to its run.
 */
export const handler = entry({
  capability: 'retrain',
  name: 'record-failure',
  input: recordFailureInputSchema,
  subject: ({ request }) => ({ model: retrainRequestSchema.safeParse(request).data?.model }),
  run: recordFailure,
  told: toldFailure,
});

async function recordFailure(input: z.infer<typeof recordFailureInputSchema>): Promise<RecordedFailure> {
  const { executionArn, request: unread, failure: caught, step } = input;
  const failure = describeFailure(caught, step);
  const { data: request } = retrainRequestSchema.safeParse(unread);
  const events = request ? await record(request, executionArn, failure) : [];
  return {
    error: failure.error,
    message: events.at(-1)?.detail.message ?? failure.message,
    events: [...events],
  };
}

async function record(
  request: RetrainRequest,
  executionArn: string,
  { message }: Failure,
): Promise<readonly DomainEvent[]> {
  const { model } = request;
  // A repeat that never had the request has nothing to say about it.
  if (await isTakenElsewhere(request, executionArn)) return [];
  const causeId = causeOfRetrainRequest(request, executionArn);
  const why = { reason: 'failed', message };
  const now = new Date();
  const begun = await retrainings.find(model, runIdOf(executionArn));
  if (begun?.status === 'training') return [];
  if (begun) {
    const recorded = await recordedBefore(model, 'retraining.abandoned', executionArn);
    if (recorded || begun.status !== 'open') return recorded ? [recorded] : [];
    return retrainings.abandon(begun, retrainingAbandoned(begun, why, { causeId: executionArn, now }));
  }
  const recorded = await recordedBefore(model, 'retraining.suppressed', causeId);
  if (recorded) return [recorded];
  const event = retrainingSuppressed(model, triggerOf(request), why, { causeId, now });
  return retrainings.suppress(event, null);
}

async function isTakenElsewhere(request: RetrainRequest, owner: string): Promise<boolean> {
  const delivery = deliveryOf(request);
  if (delivery.kind === 'meant-each-time') return false;
  const claim = { capability: 'retrain', delivery: delivery.key, owner };
  const { kind } = await claims.take(claim, new Date());
  return kind === 'already-taken';
}

function recordedBefore(
  model: string,
  type: 'retraining.abandoned' | 'retraining.suppressed',
  causeId: string,
): Promise<DomainEvent | undefined> {
  return table.recordedEvent(model, eventIdOf(type, model, causeId));
}
