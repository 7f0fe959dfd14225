import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { ContainerObjects } from '../../containers/container-objects.client.ts';
import type { Images } from '../../containers/images.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { EventSink } from '../../gateway/service.ts';
import type { Time } from '../../virtual-time.ts';
import type { MetricSink } from './invocation-metrics.ts';
import type { Tables } from './tables.ts';

/** Kinds of resources, as their ARNs name them. */
export type ResourceKind = 'training-job' | 'transform-job' | 'model' | 'endpoint-config' | 'endpoint';

/** What every part of the service works with. */
export interface Context {
  readonly region: string;
  readonly accountId: string;
  /** The gateway, for the calls that jobs and models make as their roles. */
  readonly endpoint: () => string;
  readonly roles: Roles;
  readonly events: EventSink;
  readonly metrics: MetricSink;
  readonly clock: Clock;
  /** What metrics and captured data go by. */
  readonly time: Time;
  readonly images: Images;
  readonly tables: Tables;
  /** Where containers have their directories and logs. */
  readonly directory: string;
  /** How long a serverless endpoint keeps an idle container. */
  readonly serverlessIdleSeconds: number;
  /** Overrides how long containers may take to become healthy. */
  readonly startupSeconds: number | undefined;
  /** Told of faults that no caller is there to hear of. */
  readonly onFault: (fault: unknown, what: string) => void;
}

/** SageMaker writes names in ARNs in lower case. */
export function arnOf(
  { region, accountId }: Pick<Context, 'region' | 'accountId'>,
  kind: ResourceKind,
  name: string,
) {
  return `arn:aws:sagemaker:${region}:${accountId}:${kind}/${name.toLowerCase()}`;
}

/** S3 as a role sees it. */
export function objectsOf({ endpoint, region, roles }: Context, roleArn: string): ContainerObjects {
  return new ContainerObjects({ endpoint: endpoint(), region, credentials: roles.credentialsFor(roleArn) });
}

/** A container's log, under the names of SageMaker's log groups. */
export function logFileOf(
  { directory }: Context,
  group: 'TrainingJobs' | 'TransformJobs' | 'Endpoints',
  stream: string,
) {
  return join(directory, 'logs', group, `${stream}.log`);
}

/**
 * What SageMaker gives a container to call AWS with: the region and the credentials of its role. Here also where to
 * call. A container in network isolation gets nothing.
 */
export function awsEnvironment(context: Context, roleArn: string, isolated: boolean): Record<string, string> {
  if (isolated) return { AWS_REGION: context.region };
  const { accessKeyId, secretAccessKey } = context.roles.credentialsFor(roleArn);
  return {
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ENDPOINT_URL: context.endpoint(),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}
