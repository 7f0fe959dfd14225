import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import * as z from 'zod';
import type { ContainerObjects } from './container-objects.client.ts';
import { type HttpAnswer, HttpTimeoutError } from './http-call.ts';
import type { Image } from './image.ts';
import { ModelContainer } from './model-container.ts';
import { splitLines, unsplit } from './record-splitter.ts';
import { below, relativeKey, type S3Location } from './s3-uri.ts';

export interface TransformSpec {
  readonly image: Image;
  readonly modelData: S3Location | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly startupSeconds: number;
  readonly input: S3Location;
  readonly output: S3Location;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly gzip: boolean;
  readonly splitLines: boolean;
  /** What the job says; the container may say otherwise where it does not. */
  readonly batchStrategy: 'MultiRecord' | 'SingleRecord' | undefined;
  readonly maxPayloadInMB: number | undefined;
  /** Whether each answer ends with a line end. */
  readonly assembleLines: boolean;
  readonly timeoutSeconds: number;
  readonly maxRetries: number;
}

interface TransformHost {
  readonly directory: string;
  readonly logFile: string;
  readonly objects: ContainerObjects;
  readonly signal: AbortSignal;
}

/** The container did not answer a batch with 200. */
export class TransformFailedError extends Error {
  override readonly name = 'TransformFailedError';
}

/** SageMaker's default. */
const DEFAULT_MAX_PAYLOAD_MB = 6;

/** What a container may say about itself at `GET /execution-parameters`. */
const executionParametersSchema = z.looseObject({
  BatchStrategy: z.enum(['MULTI_RECORD', 'SINGLE_RECORD']).optional(),
  MaxPayloadInMB: z.number().min(0).optional(),
});

/**
 * Runs a batch transform: one container, the input objects one after another, their records in requests, the answers
 * in `<input>.out`. An object whose transform fails leaves no output.
 */
export async function runTransform(spec: TransformSpec, host: TransformHost): Promise<void> {
  const environment = { ...spec.environment, ...batchEnvironment(spec) };
  const container = await ModelContainer.start({ ...spec, environment }, host);
  try {
    const batching = await batchingOf(spec, container);
    for (const key of await host.objects.list(spec.input)) {
      host.signal.throwIfAborted();
      const file = join(host.directory, 'output', `${relativeKey(spec.input.key, key)}.out`);
      await mkdir(dirname(file), { recursive: true });
      const answers = transformObject(spec, host, container, batching, { ...spec.input, key });
      await pipeline(Readable.from(answers), createWriteStream(file));
      await host.objects.upload(file, below(spec.output, `${relativeKey(spec.input.key, key)}.out`));
    }
  } finally {
    await container.stop(0);
  }
}

/** What SageMaker tells a container about the batch job that it serves. */
function batchEnvironment({ batchStrategy, maxPayloadInMB }: TransformSpec): Record<string, string> {
  return {
    SAGEMAKER_BATCH: 'true',
    ...(maxPayloadInMB !== undefined && { SAGEMAKER_MAX_PAYLOAD_IN_MB: String(maxPayloadInMB) }),
    ...(batchStrategy && {
      SAGEMAKER_BATCH_STRATEGY: batchStrategy === 'MultiRecord' ? 'MULTI_RECORD' : 'SINGLE_RECORD',
    }),
  };
}

interface Batching {
  readonly maxBytes: number;
  readonly single: boolean;
}

async function batchingOf(spec: TransformSpec, container: ModelContainer): Promise<Batching> {
  const said = executionParametersSchema.safeParse(await container.executionParameters()).data;
  const megabytes = spec.maxPayloadInMB ?? said?.MaxPayloadInMB ?? DEFAULT_MAX_PAYLOAD_MB;
  const strategy =
    spec.batchStrategy ?? (said?.BatchStrategy === 'SINGLE_RECORD' ? 'SingleRecord' : 'MultiRecord');
  return { maxBytes: megabytes * 1024 ** 2, single: strategy === 'SingleRecord' };
}

async function* transformObject(
  spec: TransformSpec,
  { objects, signal }: TransformHost,
  container: ModelContainer,
  batching: Batching,
  from: S3Location,
): AsyncGenerator<Buffer> {
  const object = await objects.open(from);
  const stream = spec.gzip ? object.pipe(createGunzip()) : object;
  object.once('error', (error) => stream.destroy(error));
  for await (const body of spec.splitLines ? splitLines(stream, batching) : unsplit(stream, batching)) {
    signal.throwIfAborted();
    const answer = await invoke(spec, container, body);
    if (answer.status < 200 || answer.status > 299) throw refused(from, answer);
    yield assembled(answer.body, spec.assembleLines);
  }
}

function assembled(body: Buffer, lines: boolean): Buffer {
  if (!lines || body.length === 0 || body.at(-1) === 0x0a) return body;
  return Buffer.concat([body, Buffer.from('\n')]);
}

/** Tries again, as often as the job says, what failed on the side of the server. */
async function invoke(spec: TransformSpec, container: ModelContainer, body: Buffer): Promise<HttpAnswer> {
  const headers = {
    ...(spec.contentType && { 'content-type': spec.contentType }),
    ...(spec.accept && { accept: spec.accept }),
  };
  for (let attempt = 0; ; attempt += 1) {
    const answer = await container
      .invoke({ body, headers, timeoutSeconds: spec.timeoutSeconds })
      .catch((error: unknown) => noAnswer(error));
    if (answer.status < 500 || attempt >= spec.maxRetries) return answer;
  }
}

function noAnswer(error: unknown): HttpAnswer {
  const why = error instanceof HttpTimeoutError ? error.message : `no answer: ${String(error)}`;
  return { status: 504, headers: {}, body: Buffer.from(why) };
}

function refused({ bucket, key }: S3Location, { status, body }: HttpAnswer): TransformFailedError {
  const said = body.toString('utf8').slice(0, 500);
  return new TransformFailedError(
    `The container answered HTTP ${status} to records of s3://${bucket}/${key}: ${said}`,
  );
}
