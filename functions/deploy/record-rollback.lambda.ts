import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { caughtErrorSchema } from '@tidemark/domain/executions/caught-error.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import type { Conclusion } from './conclusion.ts';
import { deploymentSchema, goalSchema } from './deployment.schema.ts';
import { Deployments } from './deployments.client.ts';
import { decideRollbackRecord } from './rollback-record.ts';

const inputSchema = z.object({
  deployment: deploymentSchema,
  goal: goalSchema,
  failure: caughtErrorSchema,
  rollbackFailure: caughtErrorSchema.nullable(),
});

const environment = environmentSchema.parse(process.env);
const deployments = new Deployments(new RegistryTable(environment.TABLE_NAME));

/** Records what became of a failed deployment and frees the model. Safe to repeat: after a conflict it decides anew. */
export async function handler(event: unknown): Promise<Conclusion> {
  const failed = inputSchema.parse(event);
  const { deployment } = failed;
  const facts = await deployments.load(deployment.model, deployment.version);
  const now = new Date();
  const record = decideRollbackRecord(failed, facts, now);
  const recorded = await deployments.recordRollback(deployment, facts, record, now);
  return { error: record.error, event: recorded };
}
