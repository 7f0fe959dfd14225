import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryConflictError, RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { Batches } from './batches.client.ts';
import { type CloseOutput, closeInputSchema } from './workflow.schema.ts';

const table = new RegistryTable(environmentSchema.parse(process.env).TABLE_NAME);
const models = new Models(table);
const batches = new Batches(table);

/** Closes the open batch unless something has arrived since. Safe to repeat: the batch knows who closed it. */
export async function handler(event: unknown): Promise<CloseOutput> {
  const { model, batchId, executionArn } = closeInputSchema.parse(event);
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
