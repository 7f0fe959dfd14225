import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { ModelNotFoundError } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { subjectOf } from './order-subject.ts';
import { rolloutRequestSchema } from './rollout.schema.ts';
import { leaseHolderOf, takenElsewhere } from './rollout-leases.client.ts';
import { rolloutStartInputSchema } from './rollout-start.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const leases = new Leases(table);

/**
 * Frees the model for an execution that could not begin: `start-deployment` frees it itself, unless its process ended first. Safe to
 * repeat; what another execution holds stays with it.
 */
export const handler = entry({
  capability: 'deploy',
  name: 'give-up',
  input: rolloutStartInputSchema,
  subject: ({ request }) => subjectOf(rolloutRequestSchema.safeParse(request).data),
  run: giveUp,
  told: () => told('done', 'freed'),
});

async function giveUp(input: z.infer<typeof rolloutStartInputSchema>): Promise<Record<string, never>> {
  const { executionArn, request } = input;
  const { data } = rolloutRequestSchema.safeParse(request);
  if (data === undefined) return {};
  if (data.by !== 'recovery' && (await takenElsewhere(claims, data, executionArn)) !== undefined) return {};
  const { model, owner, heirOf = [] } = leaseHolderOf(data, executionArn);
  try {
    await leases.release(model, owner, ...heirOf);
  } catch (error) {
    if (!(error instanceof ModelNotFoundError)) throw error;
  }
  return {};
}
