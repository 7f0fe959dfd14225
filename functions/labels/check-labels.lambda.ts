import { encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { didYouMean } from '@tidemark/domain/definition/closest.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { type DomainEvent, domainEvent, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { type Told, told } from '@tidemark/domain/invocations/outcome.ts';
import { labelReportKey } from '@tidemark/domain/names.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { objectDelivery } from '@tidemark/domain/registry/claims.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { versionRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { KnownIds } from './known-ids.client.ts';
import { checkLabels, checkSentences, isRejected, type LabelFindings } from './label-check.ts';
import { parseLabelKey } from './label-key.ts';
import { readLabelObject } from './label-object.client.ts';
import { labelReport } from './label-report.ts';
import { type CheckLabels, checkLabelsInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const objects = new Objects();
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const models = new Models(table);
const knownIds = new KnownIds(objects, table, environment.ARTIFACTS_BUCKET);

/** Looks at a file of labels as soon as it is there, and says what of it can be used. The next window uses it. Safe to repeat. */
export const handler = entry({
  capability: 'labels',
  name: 'check-labels',
  input: checkLabelsInputSchema,
  subject: ({ event }) => ({ objectKey: event.detail.object.key }),
  run: claimAndCheck,
  told: ({ events }) => toldOf(events),
});

async function claimAndCheck(input: z.infer<typeof checkLabelsInputSchema>): Promise<CheckLabels> {
  const { executionArn, event } = input;
  const { bucket, object } = event.detail;
  const pin = { bucket: bucket.name, key: object.key, versionId: object['version-id'] };
  const place = parseLabelKey(pin.key);
  if (place.kind === 'hidden') return nothing(`${pin.key} is not a file of labels.`);
  const claim = { capability: 'labels', delivery: objectDelivery(pin), owner: executionArn };
  const taken = await claims.take(claim, new Date());
  if (taken.kind === 'already-taken')
    return nothing(`The execution ${taken.owner} has looked at ${pin.key}.`);
  if (place.kind === 'misplaced') {
    const why = `${pin.key} is not in the folder of a model. Put it below labels/<model>/.`;
    return refuse({ pin, model: place.subject, executionArn }, 'misplaced', why);
  }
  return check(pin, place.model, executionArn);
}

function toldOf([event]: CheckLabels['events']): Told {
  if (event === undefined) return told('unneeded', 'nothing-to-check');
  const more = { message: sentenceOf([event]), subject: { model: event.detail.model } };
  return event.type === 'labels.rejected'
    ? told('refused', 'rejected', more)
    : told('done', 'received', more);
}

function nothing(message: string): CheckLabels {
  return { message, events: [] };
}

interface Subject {
  readonly pin: ObjectPin;
  readonly model: string;
  readonly executionArn: string;
}

/** The file was not even read. */
async function refuse(
  { pin, model, executionArn }: Subject,
  code: string,
  message: string,
): Promise<CheckLabels> {
  const { key, versionId } = pin;
  const problems = [{ code, count: 1, lines: [], columns: [] }];
  const facts = { model, causeId: executionArn, message, key, versionId, reportKey: null, problems };
  return announced(domainEvent('labels.rejected', { ...facts, ...noCounts }, new Date()));
}

const noCounts = { lines: 0, labels: 0, usable: 0, notYet: 0, unknownIds: null, overruled: 0 };

async function check(pin: ObjectPin, model: string, executionArn: string): Promise<CheckLabels> {
  const record = await models.find(model);
  if (!record) {
    const known: string[] = [];
    for await (const each of models.list()) known.push(each.model);
    const why = `${pin.key} belongs to no model: there is none called ${model}.${didYouMean(model, known)} These labels are not used.`;
    return refuse({ pin, model, executionArn }, 'no-model', why);
  }
  const live = record.liveVersion === null ? null : await encodingOf(model, record.liveVersion);
  const { file, unreadable } = await readLabelObject(objects, pin, live);
  const ids =
    live &&
    (await knownIds.lookUp(
      model,
      file.labels.map(({ inferenceId }) => inferenceId),
    ));
  const findings = checkLabels(file, live && ids ? { encoding: live, ids } : null);
  const reportKey = labelReportKey(model, `${pin.versionId} ${pin.key}`);
  await objects.putJson(environment.ARTIFACTS_BUCKET, reportKey, labelReport(pin, findings, unreadable));
  return announced(eventOf({ pin, model, executionArn }, findings, reportKey));
}

async function encodingOf(model: string, version: number) {
  const record = await table.get(keys.version(model, version), versionRecordSchema);
  return record ? encodingSchema.parse(JSON.parse(await objects.readText(record.encoding))) : null;
}

/** Without a value of the file: those are in the report. */
function eventOf(
  { pin, model, executionArn }: Subject,
  findings: LabelFindings,
  reportKey: string,
): DomainEvent {
  const { lines, labels, usable, notYet, ids, overruled, unknownLabels } = findings;
  const { key, versionId } = pin;
  const message = `${checkSentences(key, findings).join(' ')} Report: ${reportKey}.`;
  const problems = [
    ...findings.problems.map(({ missing, ...problem }) => ({
      ...problem,
      lines: [...problem.lines],
      columns: missing.map(({ column }) => column),
    })),
    ...(unknownLabels === null
      ? []
      : [
          {
            code: unknownLabels.code,
            count: unknownLabels.count,
            lines: [...unknownLabels.lines],
            columns: ['label'],
          },
        ]),
  ];
  const unknownIds = ids === null ? null : ids.unknown.length;
  const counts = { lines, labels, usable, notYet, unknownIds, overruled, problems };
  const facts = { model, causeId: executionArn, message, key, versionId, reportKey, ...counts };
  return domainEvent(isRejected(findings) ? 'labels.rejected' : 'labels.received', facts, new Date());
}

async function announced(event: DomainEvent): Promise<CheckLabels> {
  return { message: event.detail.message, events: [...(await table.commit([], [event]))] };
}
