import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { caughtErrorSchema } from '@tidemark/domain/executions/caught-error.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { rollbackGoal } from './rollback-goal.ts';
import { type Goal, noProgress, type RolloutProgress, rolloutSchema } from './rollout.schema.ts';
import { Rollouts } from './rollouts.client.ts';

const inputSchema = z.object({ deployment: rolloutSchema, failure: caughtErrorSchema });

const environment = environmentSchema.parse(process.env);
const deployments = new Rollouts(new RegistryTable(environment.TABLE_NAME));

/**
 * Says what the endpoint goes back to. Safe to repeat.
 * @throws LeaseLostError when another execution has the model: then the endpoint is not ours to touch.
 */
export const handler = entry({
  capability: 'deploy',
  name: 'plan-rollback',
  input: inputSchema,
  subject: ({ deployment: { model, version } }) => ({ model, version }),
  run: planRollback,
  told: () => told('done', 'planned'),
});

async function planRollback(
  input: z.infer<typeof inputSchema>,
): Promise<{ readonly goal: Goal; readonly progress: RolloutProgress }> {
  const { deployment, failure } = input;
  await deployments.keepLease(deployment, new Date());
  const live = await deployments.loadLive(deployment.model);
  return { goal: rollbackGoal(deployment, live, failure), progress: noProgress };
}
