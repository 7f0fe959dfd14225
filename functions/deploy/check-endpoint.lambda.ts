import { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import {
  goalSchema,
  type NextStep,
  type Progress,
  progressSchema,
  removalSchema,
} from './deployment.schema.ts';
import { Deployments } from './deployments.client.ts';
import { decideNextStep, withoutHoldUps } from './next-step.ts';

const inputSchema = z.object({ deployment: removalSchema, goal: goalSchema, progress: progressSchema });

const environment = environmentSchema.parse(process.env);
const deployments = new Deployments(new RegistryTable(environment.TABLE_NAME));
const endpoints = new Endpoints();

/**
 * Looks at the endpoint and decides the next step towards the goal; renews the lease meanwhile. Safe to repeat.
 * @throws ModelRetiredError when the model of a deployment was retired meanwhile; LeaseLostError
 */
export async function handler(event: unknown): Promise<NextStep & { readonly progress: Progress }> {
  const { deployment, goal, progress: reported } = inputSchema.parse(event);
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
