import type { Visit } from '../execution-run.ts';
import { type Json, jsonSchema, type ResultWriter } from '../machine-definition.schema.ts';
import { StateError } from '../state-error.ts';
import { parametersOf } from '../tasks/parameters.ts';
import { evaluateTemplate, type Site } from '../template.ts';
import { childDetails, outputsOf } from './map-results.ts';
import type { EndedChild, MapRun, MapRunOutcome } from './map-run.ts';
import { callS3 } from './s3-call.ts';

/**
 * Writes what the children came to, and a manifest of it, below `<prefix>/<id of the map run>/`. A run that is written again writes the same objects.
 * @returns the state's result: where the manifest is
 * @throws StateError `States.ResultWriterFailed`
 */
export async function writeResults(
  writer: ResultWriter,
  mapRun: MapRun,
  outcome: MapRunOutcome,
  visit: Visit,
  site: Site,
): Promise<Json> {
  const { Bucket, Prefix } = parametersOf(
    await evaluateTemplate(writer.Arguments, 'ResultWriter/Arguments', site),
  );
  if (typeof Bucket !== 'string') throw writerFailed('Arguments must name a Bucket.');
  const folder = [
    ...(typeof Prefix === 'string' && Prefix !== '' ? [Prefix.replace(/\/$/, '')] : []),
    mapRun.id,
  ];
  const put = async (name: string, body: Json): Promise<Json> => {
    const Key = [...folder, name].join('/');
    await putObject({ Bucket, Key, Body: body }, visit);
    return { Key, Size: Buffer.byteLength(JSON.stringify(body)) };
  };
  const failed = outcome.ended.filter(({ end }) => end.status !== 'SUCCEEDED');
  const succeeded = succeededResults(writer, outcome);
  const manifest = {
    DestinationBucket: Bucket,
    MapRunArn: mapRun.arn,
    ResultFiles: {
      FAILED: failed.length > 0 ? [await put('FAILED_0.json', failed.map(childDetails))] : [],
      PENDING: [],
      SUCCEEDED: succeeded.length > 0 ? [await put('SUCCEEDED_0.json', succeeded)] : [],
    },
  };
  await put('manifest.json', manifest);
  return {
    MapRunArn: mapRun.arn,
    ResultWriterDetails: { Bucket, Key: [...folder, 'manifest.json'].join('/') },
  };
}

function succeededResults({ WriterConfig }: ResultWriter, outcome: MapRunOutcome): Json[] {
  const isSuccess = ({ end }: EndedChild) => end.status === 'SUCCEEDED';
  switch (WriterConfig?.Transformation) {
    case 'COMPACT':
      return outputsOf(outcome);
    case 'FLATTEN':
      return jsonSchema.array().parse(outputsOf(outcome).flat());
    default:
      return outcome.ended.filter(isSuccess).map(childDetails);
  }
}

async function putObject(parameters: Record<string, Json>, visit: Visit): Promise<void> {
  try {
    await callS3('putObject', parameters, visit);
  } catch (error) {
    if (error instanceof StateError) throw writerFailed(`${error.errorName}: ${error.cause ?? ''}`);
    throw error;
  }
}

const writerFailed = (cause: string): StateError => new StateError('States.ResultWriterFailed', cause);
