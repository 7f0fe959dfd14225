import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { caughtErrorSchema } from '@tidemark/domain/executions/caught-error.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { decideRollbackRecord } from './rollback-record.ts';
import { goalSchema, rolloutSchema } from './rollout.schema.ts';
import type { RolloutConclusion } from './rollout-conclusion.ts';
import { Rollouts } from './rollouts.client.ts';

const inputSchema = z.object({
  deployment: rolloutSchema,
  goal: goalSchema,
  failure: caughtErrorSchema,
  rollbackFailure: caughtErrorSchema.nullable(),
});

const environment = environmentSchema.parse(process.env);
const deployments = new Rollouts(new RegistryTable(environment.TABLE_NAME));

/** Records what became of a failed deployment and frees the model. Safe to repeat: after a conflict it decides again. */
export const handler = entry({
  capability: 'deploy',
  name: 'record-rollback',
  input: inputSchema,
  subject: ({ deployment: { model, version } }) => ({ model, version }),
  run: recordRollback,
  told: ({ error, event }) => told('done', error ?? 'recorded', { message: sentenceOf([event]) }),
});

async function recordRollback(input: z.infer<typeof inputSchema>): Promise<RolloutConclusion> {
  const failed = input;
  const { deployment } = failed;
  const facts = await deployments.load(deployment.model, deployment.version);
  const now = new Date();
  const record = decideRollbackRecord(failed, facts, now);
  const recorded = await deployments.recordRollback(deployment, facts, record, now);
  return { error: record.error, event: recorded };
}
