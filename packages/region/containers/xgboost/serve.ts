import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type InferenceAnswer, infer, type ModelFile, parseModelFile } from '@tidemark/xgboost';
import { foreignRequest } from '../../gateway/foreign-request.ts';
import type { MlDirectory } from './ml-directory.ts';
import { MODEL_FILE } from './train.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** 6 MB unless the model's environment says otherwise, as in SageMaker's container. */
const DEFAULT_MAX_CONTENT_LENGTH = 6 * 1024 ** 2;

/** The container's `serve`: answers until it is stopped. */
export async function serve(directory: MlDirectory, environment: Environment): Promise<void> {
  if (environment.SAGEMAKER_INFERENCE_OUTPUT) {
    throw new Error(
      'The local stand-in does not support SAGEMAKER_INFERENCE_OUTPUT (selectable inference output).',
    );
  }
  const model = parseModelFile(await readFile(join(directory.model, MODEL_FILE)));
  const limit = Number(environment.MAX_CONTENT_LENGTH ?? DEFAULT_MAX_CONTENT_LENGTH);
  const batch = Boolean(environment.SAGEMAKER_BATCH);
  const accept = environment.SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT;
  const port = Number(environment.SAGEMAKER_BIND_TO_PORT ?? 8080);
  const server = createServer(async (request, response) => {
    const foreign = foreignRequest(request.headers, port);
    const answer =
      foreign === undefined
        ? await route(request, model, { limit, batch, accept })
        : { status: 403, body: foreign };
    response.writeHead(answer.status, answer.contentType ? { 'content-type': answer.contentType } : {});
    response.end(answer.body);
  });
  server.keepAliveTimeout = 120_000;
  server.listen(port, '127.0.0.1');
}

interface Settings {
  readonly limit: number;
  readonly batch: boolean;
  /** The answer's format when a request asks for none. */
  readonly accept: string | undefined;
}

async function route(
  request: IncomingMessage,
  model: ModelFile,
  settings: Settings,
): Promise<InferenceAnswer> {
  const where = `${request.method} ${request.url}`;
  if (where === 'GET /ping') return { status: 200, body: '' };
  if (where === 'GET /execution-parameters') return executionParameters(settings.limit);
  if (where !== 'POST /invocations') return { status: 404, body: 'Not Found' };
  const body = await readAtMost(request, settings.limit);
  if (!body) return { status: 413, body: `The request is larger than ${settings.limit} bytes.` };
  const { 'content-type': contentType, accept } = request.headers;
  const wanted = accept && accept !== '*/*' ? accept : settings.accept;
  return infer(model, { body, contentType, accept: wanted }, settings.batch);
}

function executionParameters(limit: number): InferenceAnswer {
  const parameters = {
    MaxConcurrentTransforms: availableParallelism(),
    BatchStrategy: 'MULTI_RECORD',
    MaxPayloadInMB: Math.floor(limit / 1024 ** 2),
  };
  return { status: 200, contentType: 'application/json', body: JSON.stringify(parameters) };
}

async function readAtMost(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}
