import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { unpack } from './archive.ts';
import { Container } from './container.ts';
import type { ContainerObjects } from './container-objects.client.ts';
import { freePort } from './free-port.ts';
import { type HttpAnswer, httpCall } from './http-call.ts';
import type { Image } from './image.ts';
import { MlRoot } from './ml-root.ts';
import type { S3Location } from './s3-uri.ts';

/** What a model's container is started from. */
export interface ModelSpec {
  readonly image: Image;
  /** The `.tar.gz` that becomes `/opt/ml/model`; some images need none. */
  readonly modelData: S3Location | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** How long the container may take until it answers `/ping`. */
  readonly startupSeconds: number;
}

interface ModelHost {
  readonly directory: string;
  readonly logFile: string;
  readonly objects: ContainerObjects;
  /** Aborted when no caller waits for the container any more. */
  readonly signal: AbortSignal;
}

/** A request to a model. */
export interface ContainerInvocation {
  readonly body: Buffer;
  /** Headers for the container: content type, accept and SageMaker's own. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** A model's container did not come up. */
export class UnhealthyContainerError extends Error {
  override readonly name = 'UnhealthyContainerError';
}

/** SageMaker waits so long for one answer to `/ping`. */
const PING_SECONDS = 2;

/** Between two looks whether a container is up. Short: starting is what people wait for. */
const PING_INTERVAL_MILLISECONDS = 30;

/** A container that serves a model: started, healthy, and answering on a port of its own. */
export class ModelContainer {
  readonly #container: Container;
  readonly #root: MlRoot;
  readonly #port: number;

  private constructor(container: Container, root: MlRoot, port: number) {
    this.#container = container;
    this.#root = root;
    this.#port = port;
  }

  /** Resolves when the container answers `/ping`; throws `UnhealthyContainerError` when it ends or takes too long. */
  static async start(spec: ModelSpec, host: ModelHost): Promise<ModelContainer> {
    const root = await MlRoot.create(join(host.directory, 'opt-ml'));
    host.signal.throwIfAborted();
    if (spec.modelData) await downloadModel(spec.modelData, root, host);
    const port = await freePort();
    const container = new Container({
      image: spec.image,
      verb: 'serve',
      directory: root.path,
      environment: { ...spec.environment, SAGEMAKER_BIND_TO_PORT: String(port) },
      logFile: host.logFile,
    });
    const model = new ModelContainer(container, root, port);
    try {
      await model.#becomeHealthy(spec.startupSeconds, host.signal);
      return model;
    } catch (error) {
      await model.stop(0);
      throw error;
    }
  }

  /** Resolves when the container has ended, asked or not. */
  get exited(): Promise<number> {
    return this.#container.exited;
  }

  /** `POST /invocations`. Rejects as `httpCall` does. */
  invoke({ body, headers, timeoutSeconds }: ContainerInvocation): Promise<HttpAnswer> {
    return httpCall({
      port: this.#port,
      method: 'POST',
      path: '/invocations',
      headers,
      body,
      timeoutSeconds,
    });
  }

  /** What the container prefers in batch transform, if it says so. */
  async executionParameters(): Promise<unknown> {
    const call = {
      port: this.#port,
      method: 'GET',
      path: '/execution-parameters',
      timeoutSeconds: PING_SECONDS,
    } as const;
    const answer = await httpCall(call).catch(() => undefined);
    return answer?.status === 200 ? parseJson(answer.body) : undefined;
  }

  async stop(graceSeconds: number): Promise<void> {
    await this.#container.stop(graceSeconds);
    await this.#root.remove();
  }

  async #becomeHealthy(startupSeconds: number, signal: AbortSignal): Promise<void> {
    let exitCode: number | undefined;
    void this.exited.then((code) => {
      exitCode = code;
    });
    for (const deadline = Date.now() + startupSeconds * 1000; Date.now() < deadline; ) {
      if (await this.#ping()) return;
      if (exitCode !== undefined) throw new UnhealthyContainerError(`it ended with exit code ${exitCode}`);
      await delay(PING_INTERVAL_MILLISECONDS, undefined, { signal });
    }
    throw new UnhealthyContainerError(`GET /ping did not answer 200 within ${startupSeconds} s`);
  }

  async #ping(): Promise<boolean> {
    const call = { port: this.#port, method: 'GET', path: '/ping', timeoutSeconds: PING_SECONDS } as const;
    const answer = await httpCall(call).catch(() => undefined);
    return answer?.status === 200;
  }
}

async function downloadModel(
  modelData: S3Location,
  root: MlRoot,
  { directory, objects }: ModelHost,
): Promise<void> {
  await objects.download(modelData, directory, 'model.tar.gz');
  const archive = join(directory, 'model.tar.gz');
  await unpack(archive, root.model);
  await rm(archive);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
