import { join } from 'node:path';
import { type Clock, wallClock } from '../../clock.ts';
import { type ImageMap, Images } from '../../containers/images.ts';
import { type JsonOperation, jsonService } from '../../gateway/json-service.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { EventSink, Service } from '../../gateway/service.ts';
import { Throttle } from '../../gateway/throttle.ts';
import { RecordStore } from '../../store/record-store.ts';
import type { Time } from '../../virtual-time.ts';
import { runtimeService } from '../sagemaker-runtime/runtime-service.ts';
import { addTags } from './add-tags.ts';
import type { Context } from './context.ts';
import { createEndpoint } from './create-endpoint.ts';
import { createEndpointConfig } from './create-endpoint-config.ts';
import { createModel } from './create-model.ts';
import { createTrainingJob } from './create-training-job.ts';
import { createTransformJob } from './create-transform-job.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { deleteEndpointConfig } from './delete-endpoint-config.ts';
import { deleteModel } from './delete-model.ts';
import { deleteTags } from './delete-tags.ts';
import { describeEndpoint } from './describe-endpoint.ts';
import { describeEndpointConfig } from './describe-endpoint-config.ts';
import { describeModel } from './describe-model.ts';
import { describeTrainingJob } from './describe-training-job.ts';
import { describeTransformJob } from './describe-transform-job.ts';
import { EndpointStates } from './endpoint-states.ts';
import type { MetricSink } from './invocation-metrics.ts';
import { listEndpoints } from './list-endpoints.ts';
import { listTags } from './list-tags.ts';
import { listTrainingJobs } from './list-training-jobs.ts';
import { sagemakerPermissions } from './permissions.ts';
import { stopTrainingJob } from './stop-training-job.ts';
import { stopTransformJob } from './stop-transform-job.ts';
import { openTables } from './tables.ts';
import { TrainingJobs } from './training-jobs.ts';
import { TransformJobs } from './transform-jobs.ts';
import { updateEndpoint } from './update-endpoint.ts';

export interface SageMakerServiceOptions {
  /** Where records, containers' directories and `logs/` are kept. */
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** The gateway's URL, once it listens: jobs and models call S3 and CloudWatch there, as their roles. */
  readonly endpoint: () => string;
  readonly roles: Roles;
  /** Takes `SageMaker … State Change` events. */
  readonly events: EventSink;
  /** Takes the metrics of endpoints (`AWS/SageMaker`). */
  readonly metrics?: MetricSink;
  /** Its speed divides the waits of deployments; work takes the time it takes. */
  readonly clock?: Clock;
  /** What metrics and captured data go by: the clock, unless told. */
  readonly time?: Time;
  /** Commands in the place of images. The built-in XGBoost needs none. */
  readonly images?: ImageMap;
  /** How long a serverless endpoint keeps an idle container: 5 minutes, unless said otherwise. */
  readonly serverlessIdleSeconds?: number;
  /** Requests a second that create or update something, over all of them. SageMaker publishes no rate: any number unless told. */
  readonly createsPerSecond?: number;
  /** Overrides SageMaker's minutes for a container to become healthy. */
  readonly startupSeconds?: number;
  /** Told of faults that no caller is there to hear of. */
  readonly onFault?: (fault: unknown, what: string) => void;
}

/** SageMaker and its runtime on the wire: they share a signing name. */
export interface SageMakerService extends Service {
  /** Goes on with jobs and endpoints of an earlier run; call it once the gateway listens. */
  resume(): Promise<void>;
  /**
   * Ends every process and leaves jobs and endpoints as they are on record. Call it before the gateway stops: a job
   * that loses S3 fails.
   */
  pause(): Promise<void>;
  close(): Promise<void>;
}

/** Roughly what SageMaker does with idle serverless containers. */
const DEFAULT_IDLE_SECONDS = 300;

/** Opens the local SageMaker. What there was before is there again after `resume`. */
export async function sagemakerService(options: SageMakerServiceOptions): Promise<SageMakerService> {
  const store = await RecordStore.open(join(options.directory, 'records'));
  const context = contextOf(options, store);
  const trainingJobs = new TrainingJobs(context);
  const transformJobs = new TransformJobs(context);
  const endpoints = new EndpointStates(context);
  const control = jsonService({
    signingName: 'sagemaker',
    version: '1.1',
    permissions: sagemakerPermissions,
    operations: throttled(operationsOf(context, trainingJobs, transformJobs, endpoints), options),
  });
  const runtime = runtimeService(context, endpoints);
  const pause = async () => {
    await Promise.all([trainingJobs.close(), transformJobs.close(), endpoints.close()]);
  };
  return {
    ...control,
    handle: (request, response, call) =>
      (request.url?.startsWith('/endpoints/') ? runtime : control).handle(request, response, call),
    async resume() {
      await trainingJobs.resume();
      await transformJobs.resume();
      await endpoints.resume();
    },
    pause,
    async close() {
      await pause();
      await store.close();
    },
  };
}

/** What creates or updates something has a rate, which one request a second more than SageMaker takes meets. */
function throttled(
  operations: Readonly<Record<string, JsonOperation>>,
  { createsPerSecond, clock = wallClock() }: SageMakerServiceOptions,
): Record<string, JsonOperation> {
  if (createsPerSecond === undefined) return operations;
  const throttle = new Throttle(
    createsPerSecond,
    () => clock.now(),
    () => clock.waitMilliseconds(1),
  );
  const limited = (operation: JsonOperation): JsonOperation => {
    return async (...call) => {
      throttle.take();
      return await operation(...call);
    };
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      /^(Create|Update)/.test(name) ? limited(operation) : operation,
    ]),
  );
}

function contextOf(options: SageMakerServiceOptions, store: RecordStore): Context {
  const clock = options.clock ?? wallClock();
  return {
    region: options.region,
    accountId: options.accountId,
    endpoint: options.endpoint,
    roles: options.roles,
    events: options.events,
    metrics: options.metrics ?? { put: async () => undefined },
    clock,
    time: options.time ?? clock,
    images: new Images(options.images ?? {}),
    tables: openTables(store),
    directory: options.directory,
    serverlessIdleSeconds: options.serverlessIdleSeconds ?? DEFAULT_IDLE_SECONDS,
    startupSeconds: options.startupSeconds,
    onFault: options.onFault ?? (() => undefined),
  };
}

function operationsOf(
  context: Context,
  trainingJobs: TrainingJobs,
  transformJobs: TransformJobs,
  endpoints: EndpointStates,
): Record<string, JsonOperation> {
  return {
    AddTags: addTags(context),
    CreateEndpoint: createEndpoint(context, endpoints),
    CreateEndpointConfig: createEndpointConfig(context),
    CreateModel: createModel(context),
    CreateTrainingJob: createTrainingJob(context, trainingJobs),
    CreateTransformJob: createTransformJob(context, transformJobs),
    DeleteEndpoint: deleteEndpoint(context, endpoints),
    DeleteEndpointConfig: deleteEndpointConfig(context),
    DeleteModel: deleteModel(context),
    DeleteTags: deleteTags(context),
    DescribeEndpoint: describeEndpoint(context),
    DescribeEndpointConfig: describeEndpointConfig(context),
    DescribeModel: describeModel(context),
    DescribeTrainingJob: describeTrainingJob(context),
    DescribeTransformJob: describeTransformJob(context),
    ListEndpoints: listEndpoints(context),
    ListTags: listTags(context),
    ListTrainingJobs: listTrainingJobs(context),
    StopTrainingJob: stopTrainingJob(context, trainingJobs),
    StopTransformJob: stopTransformJob(context, transformJobs),
    UpdateEndpoint: updateEndpoint(context, endpoints),
  };
}
