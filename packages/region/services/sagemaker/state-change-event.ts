import type { Context } from './context.ts';
import { variantSummaries } from './endpoint-description.ts';
import type { EndpointRecord, EndpointStatus, VariantStatus } from './endpoint-record.schema.ts';
import type { Tags } from './members.schema.ts';
import type { TrainingJob } from './training-job.schema.ts';
import type { TransformJob } from './transform-job.schema.ts';

type Subject =
  | 'Training Job'
  | 'Transform Job'
  | 'Model'
  | 'Endpoint Config'
  | 'Endpoint'
  | 'Endpoint Deployment';

/** Sends a `SageMaker … State Change` event to the default bus. */
export async function emitStateChange(
  { events }: Pick<Context, 'events'>,
  subject: Subject,
  arn: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const detailType = `SageMaker ${subject} State Change`;
  await events.emit({ source: 'aws.sagemaker', 'detail-type': detailType, resources: [arn], detail });
}

/** Times are milliseconds as text, as documented for jobs. */
export function trainingJobDetail(job: TrainingJob): Record<string, unknown> {
  const { request } = job;
  return {
    TrainingJobName: request.TrainingJobName,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    ...(job.failureReason && { FailureReason: job.failureReason }),
    HyperParameters: request.HyperParameters ?? {},
    AlgorithmSpecification: request.AlgorithmSpecification,
    RoleArn: request.RoleArn,
    InputDataConfig: request.InputDataConfig ?? [],
    OutputDataConfig: request.OutputDataConfig,
    ResourceConfig: request.ResourceConfig,
    StoppingCondition: request.StoppingCondition,
    CreationTime: String(job.created),
    ...(job.started !== undefined && { TrainingStartTime: String(job.started) }),
    ...(job.ended !== undefined && { TrainingEndTime: String(job.ended) }),
    LastModifiedTime: String(job.modified),
    SecondaryStatusTransitions: job.transitions.map(({ status, started, ended, message }) => ({
      Status: status,
      StartTime: started,
      ...(ended !== undefined && { EndTime: ended }),
      StatusMessage: message,
    })),
    Tags: tagMap(job.tags),
  };
}

export function transformJobDetail({ request, ...job }: TransformJob): Record<string, unknown> {
  const { Environment: _, ModelClientConfig: __, ...described } = request;
  return {
    ...described,
    TransformJobArn: job.arn,
    TransformJobStatus: job.status,
    ...(job.failureReason && { FailureReason: job.failureReason }),
    CreationTime: String(job.created),
    ...(job.started !== undefined && { TransformStartTime: String(job.started) }),
    ...(job.ended !== undefined && { TransformEndTime: String(job.ended) }),
    Tags: tagMap(job.tags),
  };
}

/** Statuses are spelled in capitals in events of endpoints, and times are numbers. */
export function endpointDetail(endpoint: EndpointRecord): Record<string, unknown> {
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.fleet.configName,
    ProductionVariants: variantSummaries(endpoint.fleet),
    EndpointStatus: SPELLED_IN_EVENTS[endpoint.status],
    ...(endpoint.failureReason && { FailureReason: endpoint.failureReason }),
    CreationTime: endpoint.created,
    LastModifiedTime: endpoint.modified,
    Tags: tagMap(endpoint.tags),
  };
}

/** Where an update of an endpoint stands. */
export function deploymentDetail(
  endpoint: EndpointRecord,
  { status, message, started }: VariantStatus,
): Record<string, unknown> {
  if (!endpoint.pending) return endpointDetail(endpoint);
  const variantStatus = [{ Status: status, StatusMessage: message, StartTime: started }];
  return {
    ...endpointDetail(endpoint),
    PendingDeploymentSummary: {
      EndpointConfigName: endpoint.pending.fleet.configName,
      StartTime: endpoint.pending.started,
      ProductionVariants: variantSummaries(endpoint.pending.fleet).map((variant) => ({
        ...variant,
        VariantStatus: variantStatus,
      })),
    },
  };
}

const SPELLED_IN_EVENTS: Readonly<Record<EndpointStatus, string>> = {
  Creating: 'CREATING',
  InService: 'IN_SERVICE',
  Updating: 'UPDATING',
  RollingBack: 'ROLLING_BACK',
  UpdateRollbackFailed: 'UPDATE_ROLLBACK_FAILED',
  Failed: 'FAILED',
  Deleting: 'DELETING',
};

function tagMap(tags: Tags): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
