import { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { decideNextStep, withoutHoldUps } from './next-step.ts';
import {
  goalSchema,
  type NextStep,
  type RolloutProgress,
  removalSchema,
  rolloutProgressSchema,
} from './rollout.schema.ts';
import { Rollouts } from './rollouts.client.ts';

const inputSchema = z.object({
  deployment: removalSchema,
  goal: goalSchema,
  progress: rolloutProgressSchema,
});

const environment = environmentSchema.parse(process.env);
const deployments = new Rollouts(new RegistryTable(environment.TABLE_NAME));
const endpoints = new Endpoints();

const tellStep = toldBy<NextStep['step']>({
  create: 'done',
  update: 'done',
  delete: 'done',
  wait: 'waiting',
  prove: 'done',
  settle: 'done',
  'give-up': 'refused',
});

/**
 * Looks at the endpoint and decides the next step towards the goal; renews the lease meanwhile. Safe to repeat.
 * @throws ModelRetiredError when the model of a deployment was retired meanwhile; LeaseLostError
 */
export const handler = entry({
  capability: 'deploy',
  name: 'check-endpoint',
  input: inputSchema,
  subject: ({ deployment, goal }) => ({ model: deployment.model, version: goal.version }),
  run: checkEndpoint,
  told: ({ step }) => tellStep(step),
});

async function checkEndpoint(
  input: z.infer<typeof inputSchema>,
): Promise<NextStep & { readonly progress: RolloutProgress }> {
  const { deployment, goal, progress: reported } = input;
  const progress = withoutHoldUps(reported);
  await deployments.keepLease(deployment, new Date());
  if (goal.purpose === 'deploy') await deployments.requireActive(deployment.model);
  const endpoint = await endpoints.describe(goal.endpointName);
  const next = decideNextStep({
    goal,
    endpoint,
    progress,
    settings: { stage: environment.STAGE, tags: environment.TAGS },
    model: deployment.model,
  });
  const waited = 'seconds' in next ? next.seconds : 0;
  return { ...next, progress: { ...progress, waitedSeconds: progress.waitedSeconds + waited } };
}
