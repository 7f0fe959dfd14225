import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { type Encoding, encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import { csvLine, encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import { manifestSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { parsePrediction } from '@tidemark/domain/datasets/prediction.ts';
import { endpointName } from '@tidemark/domain/names.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { sampleRequest } from './sample-request.ts';

/** One row out of a Parquet file needs next to nothing. */
const memoryMegabytes = 512;

type RawRow = Readonly<Record<string, unknown>>;

/** A row that the model has never seen, and what the endpoint says of it. */
export interface SamplePrediction {
  /** The row's own name: its hash. */
  readonly rowId: string;
  /** Raw values by column, the truth among them. */
  readonly row: RawRow;
  readonly encoding: Encoding;
  /** One number, or one per class. */
  readonly prediction: readonly number[];
}

interface PredictionOptions {
  readonly objects: Objects;
  readonly runtime: SageMakerRuntimeClient;
  readonly stage: string;
  readonly version: VersionRecord;
}

/** A request that can be sent as it stands, about a raw row of the hold-out. */
export async function requestFor(objects: Objects, version: VersionRecord): Promise<string> {
  const encoding = encodingSchema.parse(JSON.parse(await objects.readText(version.encoding)));
  const { row } = await holdoutRow(objects, version);
  return sampleRequest(encoding, row);
}

/** Asks a model's endpoint about a raw row of the hold-out, encoded as any caller would encode it. */
export async function predictSample(options: PredictionOptions): Promise<SamplePrediction> {
  const { objects, runtime, stage, version } = options;
  const encoding = encodingSchema.parse(JSON.parse(await objects.readText(version.encoding)));
  const { rowId, row } = await holdoutRow(objects, version);
  const answer = await runtime.send(
    new InvokeEndpointCommand({
      EndpointName: endpointName(stage, version.model),
      ContentType: 'text/csv',
      Body: csvLine(encodeRow(encoding, row)),
    }),
  );
  return { rowId, row, encoding, prediction: parsePrediction(answer.Body?.transformToString() ?? '') };
}

/** The hold-out row of the lowest hash: always the same one of a dataset. */
async function holdoutRow(
  objects: Objects,
  { dataset }: VersionRecord,
): Promise<{ rowId: string; row: RawRow }> {
  const manifest = manifestSchema.parse(JSON.parse(await objects.readText(dataset.manifest)));
  const part = manifest.parts.find(({ splitRows }) => splitRows.holdout > 0);
  if (!part) throw new Error(`The dataset ${dataset.datasetId} has no hold-out.`);
  return await Database.with(memoryMegabytes, async (database) => {
    const file = database.path('part.parquet');
    await objects.download(part.object, file);
    const { _row, _split, ...row } = await database.row(
      `SELECT * FROM read_parquet(${literal(file)}) WHERE _split = 'holdout' ORDER BY _row LIMIT 1`,
      z.looseObject({ _row: z.union([z.string(), z.number()]).transform(String), _split: z.string() }),
    );
    return { rowId: _row, row };
  });
}
