import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError, unreachable } from '@tidemark/domain/errors.ts';
import { type DomainEvent, eventIdOf, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { RetrainingRecord } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired } from '@tidemark/domain/registry/retired-model.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { decideFollowing } from './decide-following.ts';
import { retrainingAbandoned } from './retrain-events.ts';
import { Retrainings } from './retrainings.client.ts';
import { type Followed, followInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const retrainings = new Retrainings(table);

const tellFollowed = toldBy<Followed['outcome']>({ open: 'waiting', training: 'done', abandoned: 'done' });

/** Says what has become of a retraining that was begun, and gives it up when nothing will. Safe to repeat. */
export const handler = entry({
  capability: 'retrain',
  name: 'follow',
  input: followInputSchema,
  subject: ({ retraining }) => retraining,
  run: follow,
  told: (followed) =>
    tellFollowed(followed.outcome, { message: sentenceOf('events' in followed ? followed.events : []) }),
});

async function follow(input: z.infer<typeof followInputSchema>): Promise<Followed> {
  const { executionArn, retraining, waits } = input;
  const { model, retrainingId } = retraining;
  const record = await retrainings.find(model, retrainingId);
  if (!record) throw new InvariantError(`${model} has no retraining ${retrainingId}, though it was begun.`);
  const now = new Date();
  const [events, facts] = await Promise.all([eventsSince(record, now), models.load(model)]);
  const decision = decideFollowing(record, events, { waits, retired: isRetired(facts) });
  switch (decision.kind) {
    case 'wait':
      return { outcome: 'open', message: decision.message, waitSeconds: decision.waitSeconds };
    case 'training':
      return { outcome: 'training', message: decision.message };
    case 'abandoned':
      return abandonedBefore(model, executionArn, decision.message);
    case 'abandon': {
      const abandoned = retrainingAbandoned(record, decision, { causeId: executionArn, now });
      const recorded = await retrainings.abandon(record, abandoned);
      return { outcome: 'abandoned', message: abandoned.detail.message, events: [...recorded] };
    }
    default:
      return unreachable(decision);
  }
}

/** A retry of a call that gave it up announces what was recorded. */
async function abandonedBefore(model: string, executionArn: string, message: string): Promise<Followed> {
  const id = eventIdOf('retraining.abandoned', model, executionArn);
  const recorded = await table.recordedEvent(model, id);
  return { outcome: 'abandoned', message, events: recorded ? [recorded] : [] };
}

const dayMilliseconds = 86_400_000;

/** Day by day, as the audit orders by time; only of days since it began. */
async function eventsSince({ model, startedAt }: RetrainingRecord, now: Date): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  const first = Date.parse(startedAt.slice(0, 10));
  for (let day = first; day <= now.getTime(); day += dayMilliseconds) {
    events.push(...(await retrainings.eventsOn(model, new Date(day).toISOString().slice(0, 10))));
  }
  return events;
}
