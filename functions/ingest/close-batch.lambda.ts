import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryConflictError, RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { Batches } from './batches.client.ts';
import { type CloseOutput, closeInputSchema } from './workflow.schema.ts';

const table = new RegistryTable(environmentSchema.parse(process.env).TABLE_NAME);
const models = new Models(table);
const batches = new Batches(table);

/** Closes the open batch unless something has arrived since. Safe to repeat: the batch knows who closed it. */
export const handler = entry({
  capability: 'ingest',
  name: 'close-batch',
  input: closeInputSchema,
  subject: ({ model, batchId }) => ({ model, batchId }),
  run: closeBatch,
  told: ({ closed }) => (closed ? told('done', 'closed') : told('unneeded', 'joined')),
});

async function closeBatch(input: z.infer<typeof closeInputSchema>): Promise<CloseOutput> {
  const { model, batchId, executionArn } = input;
  const { definition } = await models.load(model);
  try {
    await batches.close(batchId, definition, { model, executionArn, now: new Date() });
  } catch (error) {
    // A mere clash in time says nothing about the batch; the state machine tries again.
    if (!(error instanceof RegistryConflictError) || error.failed.length === 0) throw error;
    const batch = await batches.find(model, batchId);
    if (batch?.closedBy !== executionArn) {
      return { closed: false, message: `${batchId} was joined by a later file, whose arrival closes it.` };
    }
  }
  return { closed: true, message: `${batchId} is complete.` };
}
