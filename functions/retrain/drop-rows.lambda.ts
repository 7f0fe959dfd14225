import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import type * as z from 'zod';
import { Retrainings } from './retrainings.client.ts';
import { type DroppedRows, dropRowsInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const retrainings = new Retrainings(table);
const objects = new Objects();

/**
 * Puts a retraining's rows where any data is dropped, from where ingest makes them a part of the dataset; with a marker, if the
 * definition waits for one. Safe to repeat: each key is written once.
 */
export const handler = entry({
  capability: 'retrain',
  name: 'drop-rows',
  input: dropRowsInputSchema,
  subject: ({ retraining }) => retraining,
  run: dropRows,
  told: () => told('done', 'dropped'),
});

async function dropRows(input: z.infer<typeof dropRowsInputSchema>): Promise<DroppedRows> {
  const { model, retrainingId } = input.retraining;
  const [record, { definition }] = await Promise.all([
    retrainings.find(model, retrainingId),
    models.load(model),
  ]);
  if (!record?.rows)
    throw new InvariantError(`The retraining ${retrainingId} of ${model} has no rows to drop.`);
  const key = dataKeys.feedback(model, retrainingId);
  await objects.copyIfAbsent(record.rows, environment.DATA_BUCKET, key);
  const { complete, marker } = definition.ingestion;
  if (complete === 'marker') {
    const markerKey = dataKeys.feedbackMarker(model, retrainingId, marker);
    // The marker last: it says that the rows are there.
    await objects.putTextIfAbsent(environment.DATA_BUCKET, markerKey, '', 'text/plain');
  }
  return { message: `${counted(record.newRows, 'row')} for the next training of ${model}: ${key}.` };
}
