import { inParallel } from '@tidemark/domain/datasets/in-parallel.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { ObjectGoneError, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';
import { domainEvent, eventIdOf, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { quarantineKey } from './arrival-key.ts';
import type { BatchRecord } from './batch.schema.ts';
import { Batches } from './batches.client.ts';
import { type Validation, validationSchema } from './validation.schema.ts';
import { isCopied, rejectedFiles, rejection, reportJson, reportMarkdown } from './validation-report.ts';
import { actInputSchema, type QuarantineOutput } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const batches = new Batches(table);

/** S3 copies by itself; eight requests at once are far below what it takes of one caller. */
const filesAtOnce = 8;

/**
 * Moves a batch's rejected files to quarantine, with a report beside them. Copies and reports come first, the record next, delete
 * markers last: whenever it stops, nothing is lost and it can be repeated.
 */
export const handler = entry({
  capability: 'ingest',
  name: 'quarantine-files',
  input: actInputSchema,
  subject: ({ model, batchId }) => ({ model, batchId }),
  run: quarantineFiles,
  told: ({ event }) => told('refused', 'quarantined', { message: sentenceOf([event]) }),
});

async function quarantineFiles(input: z.infer<typeof actInputSchema>): Promise<QuarantineOutput> {
  const { model, batchId, validationVersionId } = input;
  const batch = await batches.load(model, batchId);
  const pin = {
    bucket: environment.DATA_BUCKET,
    key: dataKeys.validation(model, batchId),
    versionId: validationVersionId,
  };
  const validation = validationSchema.parse(JSON.parse(await objects.readText(pin)));
  const rejected =
    batch.reportKey === null ? await reject(batch, validation, pin) : await rejectedBefore(batch);
  await hideOriginals(validation);
  return { event: rejected, message: rejected.detail.message };
}

async function reject(batch: BatchRecord, validation: Validation, pin: ObjectPin) {
  const { model, batchId, closedBy } = batch;
  await copyToQuarantine(validation);
  const reportKey = `${dataKeys.quarantine(model, batchId)}report.md`;
  await objects.putText(
    environment.DATA_BUCKET,
    reportKey,
    reportMarkdown(validation),
    'text/markdown; charset=utf-8',
  );
  const jsonKey = `${dataKeys.quarantine(model, batchId)}report.json`;
  await objects.putJson(environment.DATA_BUCKET, jsonKey, reportJson(validation));
  const facts = { model, causeId: closedBy, batchId, reportKey, ...rejection(validation, reportKey) };
  const event = domainEvent('data.rejected', facts, new Date());
  const [recorded = event] = await table.commit([batches.rejectedWrite(batch, pin, reportKey)], [event]);
  return recorded;
}

async function rejectedBefore({ model, batchId, closedBy }: BatchRecord) {
  const event = await table.recordedEvent(model, eventIdOf('data.rejected', model, closedBy));
  if (event) return event;
  throw new InvariantError(`${batchId} of ${model} has a report, but its rejection was not recorded.`);
}

async function copyToQuarantine(validation: Validation): Promise<void> {
  await inParallel(rejectedFiles(validation).filter(isCopied), filesAtOnce, async ({ object }) => {
    const key = quarantineKey(validation.model, validation.batchId, object.key);
    // A former attempt may have run out of time; the key names the batch, so what is there is this version.
    if ((await objects.currentVersion(environment.DATA_BUCKET, key)) !== undefined) return;
    try {
      await objects.copy(object, environment.DATA_BUCKET, key);
    } catch (error) {
      // The report says that it was deleted before it could be read.
      if (!(error instanceof ObjectGoneError)) throw error;
    }
  });
}

/** A file that was overwritten meanwhile is another one, and stays. */
async function hideOriginals(validation: Validation): Promise<void> {
  await inParallel(rejectedFiles(validation).filter(isCopied), filesAtOnce, ({ object }) =>
    objects.hide(object),
  );
}
