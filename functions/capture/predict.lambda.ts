import { randomUUID } from 'node:crypto';
import type { CaptureLine } from '@tidemark/domain/captures/capture-line.schema.ts';
import { Endpoints, RowRefusedError } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { predictionInvocationId } from '@tidemark/domain/endpoints/inference-ids.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { endpointName } from '@tidemark/domain/names.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { answerRequest, assumedVersion, type ModelReply, type VersionedPredictions } from './answer.ts';
import { CaptureStream } from './capture-stream.client.ts';
import { CapturesWriter } from './captures-writer.client.ts';
import { decodePrediction } from './decode-prediction.ts';
import { recordReadings } from './dry-run.ts';
import {
  type DryRunResponse,
  type PredictionRequest,
  type PredictionResponse,
  predictionRequestSchema,
} from './predict.schema.ts';
import { predictEnvironmentSchema } from './predict-environment.schema.ts';
import { requestWarnings } from './request-warnings.ts';
import { ServingVersions } from './serving-versions.client.ts';

/** The request is not one. */
class InvalidPredictionRequestError extends InvalidInputError {
  override readonly name = 'InvalidPredictionRequestError';
}

const environment = predictEnvironmentSchema.parse(process.env);
const endpoints = new Endpoints();
const versions = new ServingVersions(environment.STAGE, new RegistryTable(environment.TABLE_NAME), endpoints);
const captures = new CapturesWriter({
  stage: environment.STAGE,
  bucket: environment.ARTIFACTS_BUCKET,
  stream: new CaptureStream(environment.CAPTURE_STREAM),
});

/** Predicts for raw records: all of them, or none and an error that says why. What was predicted is captured. */
export const handler = entry({
  capability: 'capture',
  name: 'predict',
  input: { parse: readRequest },
  subject: ({ model, records }) => ({ model, items: records.length }),
  run: predict,
  told: (response) => told('done', 'dryRun' in response ? 'dry-run' : 'predicted', { subject: response }),
});

async function predict(request: PredictionRequest): Promise<PredictionResponse | DryRunResponse> {
  if (request.dryRun) return dryRun(request);
  const inferenceIds = request.inferenceIds ?? request.records.map(() => randomUUID());
  const answered = await answerRequest(request, {
    look: (model, afresh) => versions.look(model, afresh),
    unchangedSince: (look) => versions.unchangedSince(look),
    version: (model, version) => versions.version(model, version),
    invoke,
  });
  const now = new Date();
  const lines = captureLines(request, inferenceIds, answered, now);
  await captures.write(
    request.model,
    lines.map((line) => JSON.stringify(line)),
    now,
  );
  const { encoding, version } = answered.version;
  const predictions = lines.map(({ inferenceId, prediction }) =>
    decodePrediction(encoding, inferenceId, prediction),
  );
  return { model: request.model, version, predictions, warnings: requestWarnings(encoding, request.records) };
}

async function dryRun({ model, records }: PredictionRequest): Promise<DryRunResponse> {
  const { serving } = await versions.look(model, false);
  const { version, encoding } = await versions.version(model, assumedVersion(serving, 0));
  const readings = recordReadings(encoding, records);
  return { model, version, dryRun: true, records: readings, warnings: requestWarnings(encoding, records) };
}

function readRequest(event: unknown): PredictionRequest {
  const parsed = predictionRequestSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new InvalidPredictionRequestError(
    `The request is not like { "model": "flight-delay", "records": [{ "distance": 337 }] }. ${z.prettifyError(parsed.error)}`,
  );
}

async function invoke(model: string, lines: string): Promise<ModelReply> {
  try {
    const id = predictionInvocationId(randomUUID());
    const body = await endpoints.invoke(endpointName(environment.STAGE, model), lines, id);
    return { kind: 'answered', body };
  } catch (error) {
    if (error instanceof RowRefusedError) return { kind: 'refused', error };
    throw error;
  }
}

function captureLines(
  { model, records }: PredictionRequest,
  inferenceIds: readonly string[],
  { version: { version }, predictions }: VersionedPredictions,
  now: Date,
): CaptureLine[] {
  const time = now.toISOString();
  return records.map((record, index) => ({
    schemaVersion: 1,
    model,
    version,
    inferenceId: inferenceIds[index] ?? '',
    time,
    record,
    prediction: [...(predictions[index] ?? [])],
  }));
}
