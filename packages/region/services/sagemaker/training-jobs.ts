import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectAccessError } from '../../containers/container-objects.client.ts';
import { below, type S3Location } from '../../containers/s3-uri.ts';
import { runTraining, type TrainingOutcome, type TrainingSpec } from '../../containers/training-container.ts';
import { awsEnvironment, type Context, logFileOf, objectsOf } from './context.ts';
import { assertPull, mayObserve } from './execution-role.ts';
import { FinalMetrics } from './final-metrics.ts';
import { JobRuns } from './job-runs.ts';
import { locationOf } from './s3-location.ts';
import { emitStateChange, trainingJobDetail } from './state-change-event.ts';
import type { TrainingJob } from './training-job.schema.ts';
import { endOf, enter, failed, finish } from './training-progress.ts';

/** SageMaker's default for `MaxRuntimeInSeconds`: a day. */
const DEFAULT_RUNTIME_SECONDS = 86_400;

/** Takes training jobs from `InProgress` to their end, one process each. */
export class TrainingJobs {
  readonly #context: Context;
  readonly #runs = new JobRuns();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Begins a job that is on record. */
  start({ request }: TrainingJob): void {
    const name = request.TrainingJobName;
    this.#runs.start(name, (signal) => this.#run(name, signal));
  }

  /** Asks a job to stop; it ends `Stopped` within SageMaker's 120 s of grace. A job that is over stays as it is. */
  async stop(name: string): Promise<void> {
    const now = this.#context.clock.now();
    await this.#change(name, (job) =>
      job.status === 'InProgress' ? { ...enter(job, 'Stopping', now), status: 'Stopping' } : job,
    );
    this.#runs.interrupt(name, 'stopped');
  }

  /** Runs again what was running when the region stopped. */
  async resume(): Promise<void> {
    for (const job of await this.#context.tables.trainingJobs.all()) {
      const name = job.request.TrainingJobName;
      const now = this.#context.clock.now();
      if (job.status === 'InProgress') {
        await this.#change(name, (current) => enter(current, 'Restarting', now));
        this.start(job);
      } else if (job.status === 'Stopping') {
        await this.#change(name, (current) =>
          finish(current, { status: 'Stopped', secondaryStatus: 'Stopped' }, now),
        );
      }
    }
  }

  close(): Promise<void> {
    return this.#runs.close();
  }

  async #run(name: string, signal: AbortSignal): Promise<void> {
    try {
      const job = await this.#context.tables.trainingJobs.get(name);
      if (!job) throw new Error(`there is no training job ${name}`);
      await this.#finish(name, endOf(await this.#train(job, signal)));
    } catch (error) {
      if (this.#runs.closing) return;
      await this.#finish(name, failed(this.#reasonOf(error, name)));
    }
  }

  async #train(job: TrainingJob, signal: AbortSignal): Promise<TrainingOutcome> {
    const { request } = job;
    const name = request.TrainingJobName;
    const { clock } = this.#context;
    const objects = objectsOf(this.#context, request.RoleArn);
    const directory = join(this.#context.directory, 'training-jobs', name);
    const metrics = new FinalMetrics(request.AlgorithmSpecification);
    try {
      return await runTraining(await this.#spec(job), {
        directory,
        logFile: logFileOf(this.#context, 'TrainingJobs', `${name}/algo-1`),
        objects,
        clock,
        signal,
        onPhase: (phase) => this.#change(name, (current) => enter(current, phase, clock.now())),
        onLine: (line) => metrics.read(line, clock.now()),
      });
    } finally {
      objects.close();
      await rm(directory, { recursive: true, force: true });
      await this.#context.tables.trainingJobs.update(name, (current) => ({
        ...current,
        metrics: metrics.metrics,
      }));
    }
  }

  async #spec({ arn, request }: TrainingJob): Promise<TrainingSpec> {
    assertPull(this.#context, request.RoleArn, request.AlgorithmSpecification.TrainingImage);
    mayObserve(this.#context, request.RoleArn, 'TrainingJobs', request.TrainingJobName);
    return {
      image: await this.#context.images.resolve(request.AlgorithmSpecification.TrainingImage),
      hyperparameters: request.HyperParameters ?? {},
      channels: (request.InputDataConfig ?? []).map((channel) => ({
        name: channel.ChannelName,
        location: locationOf(channel.DataSource.S3DataSource.S3Uri),
        gzip: channel.CompressionType === 'Gzip',
        config: channelConfig(channel),
      })),
      environment: {
        ...awsEnvironment(this.#context, request.RoleArn, request.EnableNetworkIsolation ?? false),
        ...request.Environment,
        TRAINING_JOB_NAME: request.TrainingJobName,
        TRAINING_JOB_ARN: arn,
      },
      output: outputOf(request),
      maxRuntimeSeconds: request.StoppingCondition.MaxRuntimeInSeconds ?? DEFAULT_RUNTIME_SECONDS,
    };
  }

  async #finish(name: string, end: ReturnType<typeof endOf>): Promise<void> {
    if (end) await this.#change(name, (job) => finish(job, end, this.#context.clock.now()));
  }

  async #change(name: string, change: (job: TrainingJob) => TrainingJob): Promise<void> {
    const changed = await this.#context.tables.trainingJobs.update(name, change);
    if (changed)
      await emitStateChange(this.#context, 'Training Job', changed.arn, trainingJobDetail(changed));
  }

  /** What the role may not do is the client's to mend; anything else is a fault of ours, told to the job and to us. */
  #reasonOf(error: unknown, name: string): string {
    if (error instanceof ObjectAccessError) return `ClientError: ${error.message}`;
    this.#context.onFault(error, `training job ${name}`);
    return `InternalServerError: ${String(error)}`;
  }
}

/** Where a job's archives go: `<S3OutputPath>/<job>/output`. */
export function outputOf(request: TrainingJob['request']): S3Location {
  return below(locationOf(request.OutputDataConfig.S3OutputPath), `${request.TrainingJobName}/output`);
}

type Channel = NonNullable<TrainingJob['request']['InputDataConfig']>[number];

function channelConfig(channel: Channel): Record<string, string> {
  return {
    ...(channel.ContentType && { ContentType: channel.ContentType }),
    TrainingInputMode: channel.InputMode ?? 'File',
    S3DistributionType: channel.DataSource.S3DataSource.S3DataDistributionType ?? 'FullyReplicated',
    RecordWrapperType: channel.RecordWrapperType ?? 'None',
  };
}
