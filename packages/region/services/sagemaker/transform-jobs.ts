import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectAccessError } from '../../containers/container-objects.client.ts';
import { UnhealthyContainerError } from '../../containers/model-container.ts';
import { RecordTooLargeError } from '../../containers/record-splitter.ts';
import {
  runTransform,
  TransformFailedError,
  type TransformSpec,
} from '../../containers/transform-container.ts';
import { awsEnvironment, type Context, logFileOf, objectsOf } from './context.ts';
import { containerOf } from './create-model.ts';
import { assertPull, mayObserve } from './execution-role.ts';
import { JobRuns } from './job-runs.ts';
import { locationOf } from './s3-location.ts';
import { emitStateChange, transformJobDetail } from './state-change-event.ts';
import type { TransformJob } from './transform-job.schema.ts';

/** SageMaker's limit on how long a container may take to answer `/ping`. */
const STARTUP_SECONDS = 240;

/** SageMaker's defaults for `ModelClientConfig`. */
const DEFAULT_TIMEOUT_SECONDS = 600;
const DEFAULT_RETRIES = 3;

type End = Pick<TransformJob, 'status' | 'failureReason'>;

/** Takes batch transform jobs from `InProgress` to their end, one process each. */
export class TransformJobs {
  readonly #context: Context;
  readonly #runs = new JobRuns();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Begins a job that is on record. */
  start({ request }: TransformJob): void {
    const name = request.TransformJobName;
    this.#runs.start(name, (signal) => this.#run(name, signal));
  }

  /** Asks a job to stop. A job that is over stays as it is. */
  async stop(name: string): Promise<void> {
    await this.#change(name, (job) => (job.status === 'InProgress' ? { ...job, status: 'Stopping' } : job));
    this.#runs.interrupt(name, 'stopped');
  }

  /** Runs again what was running when the region stopped. */
  async resume(): Promise<void> {
    for (const job of await this.#context.tables.transformJobs.all()) {
      if (job.status === 'InProgress') this.start(job);
      if (job.status === 'Stopping') await this.#finish(job.request.TransformJobName, { status: 'Stopped' });
    }
  }

  close(): Promise<void> {
    return this.#runs.close();
  }

  async #run(name: string, signal: AbortSignal): Promise<void> {
    try {
      const { clock } = this.#context;
      const job = await this.#change(name, (current) => ({ ...current, started: clock.now() }));
      await this.#transform(job, signal);
      await this.#finish(name, { status: 'Completed' });
    } catch (error) {
      if (this.#runs.closing) return;
      await this.#finish(name, signal.aborted ? { status: 'Stopped' } : this.#failure(error, name));
    }
  }

  async #transform(job: TransformJob, signal: AbortSignal): Promise<void> {
    const name = job.request.TransformJobName;
    const objects = objectsOf(this.#context, job.model.ExecutionRoleArn);
    const directory = join(this.#context.directory, 'transform-jobs', name);
    const logFile = logFileOf(this.#context, 'TransformJobs', name);
    try {
      await runTransform(await this.#spec(job), { directory, logFile, objects, signal });
    } finally {
      objects.close();
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #spec({ request, model }: TransformJob): Promise<TransformSpec> {
    const { TransformInput: input, TransformOutput: output, ModelClientConfig: client } = request;
    const { Image, ModelDataUrl, Environment } = containerOf(model);
    assertPull(this.#context, model.ExecutionRoleArn, Image);
    mayObserve(this.#context, model.ExecutionRoleArn, 'TransformJobs', request.TransformJobName);
    return {
      image: await this.#context.images.resolve(Image),
      modelData: ModelDataUrl === undefined ? undefined : locationOf(ModelDataUrl),
      environment: {
        ...awsEnvironment(this.#context, model.ExecutionRoleArn, model.EnableNetworkIsolation ?? false),
        ...Environment,
        ...request.Environment,
      },
      startupSeconds: this.#context.startupSeconds ?? STARTUP_SECONDS,
      input: locationOf(input.DataSource.S3DataSource.S3Uri),
      output: locationOf(output.S3OutputPath),
      contentType: input.ContentType,
      accept: output.Accept,
      gzip: input.CompressionType === 'Gzip',
      splitLines: input.SplitType === 'Line',
      batchStrategy: request.BatchStrategy,
      maxPayloadInMB: request.MaxPayloadInMB,
      assembleLines: output.AssembleWith === 'Line',
      timeoutSeconds: client?.InvocationsTimeoutInSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      maxRetries: client?.InvocationsMaxRetries ?? DEFAULT_RETRIES,
    };
  }

  async #finish(name: string, end: End): Promise<void> {
    await this.#change(name, (job) => ({ ...job, ...end, ended: this.#context.clock.now() }));
  }

  async #change(name: string, change: (job: TransformJob) => TransformJob): Promise<TransformJob> {
    const changed = await this.#context.tables.transformJobs.update(name, change);
    if (!changed) throw new Error(`there is no transform job ${name}`);
    await emitStateChange(this.#context, 'Transform Job', changed.arn, transformJobDetail(changed));
    return changed;
  }

  #failure(error: unknown, name: string): End {
    return { status: 'Failed', failureReason: this.#reasonOf(error, name).slice(0, 1024) };
  }

  #reasonOf(error: unknown, name: string): string {
    if (error instanceof ObjectAccessError || error instanceof RecordTooLargeError) {
      return `ClientError: ${error.message}`;
    }
    if (error instanceof TransformFailedError) return `AlgorithmError: ${error.message}`;
    if (error instanceof UnhealthyContainerError) {
      return `AlgorithmError: The container did not pass the ping health check: ${error.message}. Its log is under logs/TransformJobs.`;
    }
    this.#context.onFault(error, `transform job ${name}`);
    return `InternalServerError: ${String(error)}`;
  }
}
