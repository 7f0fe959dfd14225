import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { decidePromotion } from './promotion.ts';
import { goalSchema, proofSchema, rolloutSchema } from './rollout.schema.ts';
import type { RolloutConclusion } from './rollout-conclusion.ts';
import { Rollouts } from './rollouts.client.ts';

const inputSchema = z.object({
  deployment: rolloutSchema,
  goal: goalSchema.extend({ endpointConfigName: z.string() }),
  proof: proofSchema.options[0],
});

const environment = environmentSchema.parse(process.env);
const deployments = new Rollouts(new RegistryTable(environment.TABLE_NAME));

/**
 * Makes the proven version the live one. Safe to repeat.
 * @throws RegistryConflictError when the pointer has moved or the lease is lost, ModelRetiredError: the version must not go live.
 */
export const handler = entry({
  capability: 'deploy',
  name: 'promote-version',
  input: inputSchema,
  subject: ({ deployment: { model, version } }) => ({ model, version }),
  run: promoteVersion,
  told: ({ event }) => told('done', 'promoted', { message: sentenceOf([event]) }),
});

async function promoteVersion(input: z.infer<typeof inputSchema>): Promise<RolloutConclusion> {
  const { deployment, goal, proof } = input;
  // A retry after the commit stands by it, whatever became of the model since.
  const promoted = await deployments.promoted(deployment);
  if (promoted) return { error: null, event: promoted };
  await deployments.requireActive(deployment.model);
  const now = new Date();
  const { endpointConfigName } = goal;
  const promotion = decidePromotion({ deployment, endpointConfigName, proof }, now);
  return { error: null, event: await deployments.promote(deployment, promotion, now) };
}
