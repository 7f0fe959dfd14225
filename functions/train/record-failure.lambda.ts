import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import {
  type RecordedFailure,
  recordFailureInputSchema,
} from '@tidemark/domain/executions/failure.schema.ts';
import type { Failure } from '@tidemark/domain/executions/failure.ts';
import { toldFailure } from '@tidemark/domain/executions/recorded-failure.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { runIdOf } from '@tidemark/domain/names.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import type { Run } from './run.schema.ts';
import { describeRunFailure } from './run-failure.ts';
import { decideFailureRecord } from './run-failure-record.ts';
import { runOwner } from './run-lease.ts';
import { Runs } from './runs.client.ts';
import { causeOfTrainRequest, trainRequestSchema } from './train-request.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const leases = new Leases(table);
const models = new Models(table);
const runs = new Runs(table);

/** Records why a run failed and frees its model. Safe to repeat, and does nothing to a run that has ended. */
export const handler = entry({
  capability: 'train',
  name: 'record-failure',
  input: recordFailureInputSchema,
  subject: ({ request }) => ({ model: trainRequestSchema.safeParse(request).data?.model }),
  run: recordFailure,
  told: toldFailure,
});

async function recordFailure(input: z.infer<typeof recordFailureInputSchema>): Promise<RecordedFailure> {
  const { executionArn, request, failure: caught, step } = input;
  const failure = describeRunFailure(caught, step);
  const { error, message } = failure;
  const { data } = trainRequestSchema.safeParse(request);
  return data === undefined
    ? { error, message, events: [] }
    : record(data.model, executionArn, causeOfTrainRequest(data, executionArn), failure);
}

async function record(
  model: string,
  executionArn: string,
  causeId: string,
  failure: Failure,
): Promise<RecordedFailure> {
  const { error, message } = failure;
  const runId = runIdOf(executionArn);
  const leaseOwner = runOwner(runId);
  const [found, modelRecord] = await Promise.all([runs.find(model, runId), models.find(model)]);
  if (!modelRecord) return { error, message, events: [] };
  if (!found) {
    // The execution may have failed between taking the lease and beginning its run.
    await leases.release(model, leaseOwner);
    return { error, message, events: [] };
  }
  const { datasetId, definitionHash } = found;
  const run: Run = { model, runId, datasetId, definitionHash, causeId, leaseOwner };
  const decided = decideFailureRecord(run, failure, { run: found, model: modelRecord }, new Date());
  // A retry of a call that was recorded announces what was recorded.
  if (!decided) return { error, message, events: await runs.failureEvents(run) };
  const events = await runs.fail(decided);
  return { error, message: events[0]?.detail.message ?? message, events: [...events] };
}
