import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { caughtErrorSchema } from '@tidemark/domain/executions/caught-error.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { decideRemovalRecord } from './removal-record.ts';
import { removalSchema } from './rollout.schema.ts';
import type { RolloutConclusion } from './rollout-conclusion.ts';
import { Rollouts } from './rollouts.client.ts';

const inputSchema = z.object({
  deployment: removalSchema,
  /** Why the endpoint could not be taken away; `null`: it is gone. */
  failure: caughtErrorSchema.nullable(),
});

const environment = environmentSchema.parse(process.env);
const deployments = new Rollouts(new RegistryTable(environment.TABLE_NAME));

/** Records what became of a retired model's endpoint and frees the model. Safe to repeat: after a conflict it decides again. */
export const handler = entry({
  capability: 'deploy',
  name: 'record-removal',
  input: inputSchema,
  subject: ({ deployment }) => ({ model: deployment.model }),
  run: recordRemoval,
  told: ({ error, event }) => told('done', error ?? 'removed', { message: sentenceOf([event]) }),
});

async function recordRemoval(input: z.infer<typeof inputSchema>): Promise<RolloutConclusion> {
  const { deployment: removal, failure } = input;
  const model = await deployments.loadModel(removal.model);
  const now = new Date();
  const record = decideRemovalRecord(removal, failure, model, now);
  const recorded = await deployments.recordRemoval(removal, model, record, now);
  // Where another execution had recorded the same, the commit changed nothing, and this one still has the model.
  await deployments.release(removal);
  return { error: record.error, event: recorded };
}
