import { type Digest, digestOf } from '@tidemark/domain/datasets/digest.client.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { ObjectGoneError, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import type { Smoke } from '@tidemark/domain/datasets/smoke.schema.ts';
import { Endpoints, RowRefusedError } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { proofInvocationId } from '@tidemark/domain/endpoints/inference-ids.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { artifactMismatch, configurationMismatch, disagreement, modelMismatch } from './proof.ts';
import { goalSchema, type Proof, rolloutSchema } from './rollout.schema.ts';
import { Rollouts } from './rollouts.client.ts';
import { readSmoke } from './smoke.client.ts';

const inputSchema = z.object({
  deployment: rolloutSchema,
  goal: goalSchema.extend({ endpointConfigName: z.string(), version: z.int() }),
});

const environment = environmentSchema.parse(process.env);
const deployments = new Rollouts(new RegistryTable(environment.TABLE_NAME));
const endpoints = new Endpoints();
const objects = new Objects();

const tellProof = toldBy<Proof['outcome']>({ proven: 'done', refuted: 'refused' });

/** Proves that the endpoint serves the goal's version, or says what speaks against it. Safe to repeat. */
export const handler = entry({
  capability: 'deploy',
  name: 'prove-endpoint',
  input: inputSchema,
  subject: ({ deployment: { model }, goal: { version } }) => ({ model, version }),
  run: proveEndpoint,
  told: ({ outcome }) => tellProof(outcome),
});

async function proveEndpoint(input: z.infer<typeof inputSchema>): Promise<Proof> {
  const { deployment, goal } = input;
  await deployments.keepLease(deployment, new Date());
  const version = await deployments.loadVersion(deployment.model, goal.version);
  const [endpoint, modelServed] = await Promise.all([
    endpoints.describe(goal.endpointName),
    endpoints.modelServedBy(goal.endpointConfigName),
  ]);
  const mismatch = configurationMismatch(goal, endpoint, {
    expected: version.sagemakerModelName,
    served: modelServed,
  });
  const wrong = mismatch ?? (await wrongModel(version));
  if (wrong !== undefined) return { outcome: 'refuted', message: wrong };

  const { rows } = await readSmoke(version.smoke);
  // One after the other: a serverless endpoint may allow no more than one request at a time.
  for (const [index, row] of rows.entries()) {
    const problem = await wrongAnswer(goal, row, index);
    if (problem !== undefined) {
      const message = `The endpoint does not answer as version ${goal.version} did: row ${index + 1} of ${rows.length} stored hold-out rows ${problem}.`;
      return { outcome: 'refuted', message };
    }
  }
  return {
    outcome: 'proven',
    provenAt: new Date().toISOString(),
    resolvedImage: endpoint?.resolvedImage ?? null,
    rows: rows.length,
  };
}

/** What is wrong with what the endpoint loads, or `undefined`. */
async function wrongModel(version: VersionRecord): Promise<string | undefined> {
  const { artifact } = version.training;
  return (
    modelMismatch(version, await endpoints.describeModel(version.sagemakerModelName)) ??
    artifactMismatch(artifact, await currentDigest(artifact))
  );
}

async function currentDigest({ bucket, key }: ObjectPin): Promise<Digest | null> {
  try {
    return await digestOf(await objects.openCurrent(bucket, key));
  } catch (error) {
    if (error instanceof ObjectGoneError) return null;
    throw error;
  }
}

async function wrongAnswer(
  { endpointName, version }: { readonly endpointName: string; readonly version: number },
  row: Smoke['rows'][number],
  index: number,
): Promise<string | undefined> {
  try {
    const id = proofInvocationId(version, index);
    return disagreement(row, await endpoints.invoke(endpointName, row.features, id));
  } catch (error) {
    if (error instanceof RowRefusedError) return `was refused: ${error.message}`;
    throw error;
  }
}
