import { createHash } from 'node:crypto';
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type {
  CreateEndpointConfigCommandInput,
  DeploymentConfig,
  ProductionVariant,
  Tag,
} from '@aws-sdk/client-sagemaker';
import type { ServingSettings } from '@tidemark/domain/definition/serving-settings.schema.ts';
import { endpointConfigName } from '@tidemark/domain/endpoints/endpoint-config-name.ts';
import { endpointName } from '@tidemark/domain/names.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { type CaptureSettings, dataCapture } from './data-capture.ts';
import { guardedUpdate, rollbackAlarms, updateSeconds, variantName } from './guardrails.ts';
import { hasLocalStorage } from './instance-storage.ts';

/** What differs between two installations. */
export interface HostingSettings extends CaptureSettings {
  readonly stage: string;
  /** The configuration's own. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** Most concurrent requests of one serverless endpoint, whatever its definition asks for. */
  readonly serverlessMaxConcurrency: number;
}

/** SageMaker's request, but for instance types, of which AWS adds some before the SDK knows them. */
type Variant = Omit<ProductionVariant, 'InstanceType'> & { readonly InstanceType?: string };
export type EndpointConfigRequest = Omit<CreateEndpointConfigCommandInput, 'ProductionVariants'> & {
  readonly ProductionVariants: readonly Variant[];
};

/** The requests that put one version behind its model's endpoint. */
export interface EndpointPlan {
  readonly endpointName: string;
  readonly endpointConfigName: string;
  readonly kind: ServingSettings['kind'];
  readonly endpointConfig: EndpointConfigRequest;
  /** Put before an update, removed after it; none for serverless. */
  readonly alarms: readonly PutMetricAlarmCommandInput[];
  /** How an update moves traffic; `null` where SageMaker offers no choice. */
  readonly deploymentConfig: DeploymentConfig | null;
  /** Longest wait for the endpoint. */
  readonly limitSeconds: number;
}

/**
 * How long a serverless endpoint may take: minutes as a rule. SageMaker gives containers 3 to 8 minutes to become healthy and
 * tries again, so after 45 minutes something hangs.
 */
const serverlessLimitSeconds = 2700;
/** On top of what SageMaker may take for an instance endpoint, for going back by itself. */
const returnSeconds = 1800;

/** Plans the endpoint of a version. The same version with the same settings gives the same names and requests. */
export function planEndpoint(version: VersionRecord, settings: HostingSettings): EndpointPlan {
  const { model, deployment } = version;
  const content = endpointConfigContent(version, settings);
  const name = endpointConfigName(settings.stage, model, version.version, contentHash(content));
  const fleet = { endpointName: endpointName(settings.stage, model), endpointConfigName: name };
  const common = { ...fleet, endpointConfig: { EndpointConfigName: name, ...content } };
  if (deployment.kind === 'serverless') {
    return {
      ...common,
      kind: 'serverless',
      alarms: [],
      deploymentConfig: null,
      limitSeconds: serverlessLimitSeconds,
    };
  }
  const alarms = rollbackAlarms(
    { ...fleet, stage: settings.stage, tags: endpointTags(settings, version.model) },
    deployment,
  );
  return {
    ...common,
    kind: 'instance',
    alarms,
    deploymentConfig: guardedUpdate(
      deployment,
      alarms.flatMap(({ AlarmName }) => AlarmName ?? []),
    ),
    limitSeconds: updateSeconds(deployment) + returnSeconds,
  };
}

/** Longest wait for an endpoint of this kind when it goes back to a configuration, all at once and unwatched. */
export function returnLimitSeconds(kind: ServingSettings['kind'] | null): number {
  return kind === 'instance' ? 2 * returnSeconds : serverlessLimitSeconds;
}

/** Tags for cost reports and for finding what belongs together. */
export function endpointTags({ stage, tags }: Pick<HostingSettings, 'stage' | 'tags'>, model: string): Tag[] {
  return [...tags, { Key: 'tidemark:stage', Value: stage }, { Key: 'tidemark:model', Value: model }];
}

function endpointConfigContent(version: VersionRecord, settings: HostingSettings) {
  const { deployment } = version;
  const key = settings.kmsKeyArn;
  // SageMaker refuses a key for instances with local storage; their hardware encrypts it.
  const takesKey = deployment.kind === 'serverless' || !hasLocalStorage(deployment.instance);
  return {
    ProductionVariants: [productionVariant(version, settings.serverlessMaxConcurrency)],
    ...(key !== null && takesKey && { KmsKeyId: key }),
    // Serverless endpoints have no data capture; the prediction function captures for all.
    ...(deployment.kind === 'instance' && { DataCaptureConfig: dataCapture(version, settings) }),
    Tags: [
      ...endpointTags(settings, version.model),
      { Key: 'tidemark:version', Value: String(version.version) },
    ],
  } satisfies Omit<EndpointConfigRequest, 'EndpointConfigName'>;
}

function productionVariant(version: VersionRecord, serverlessMaxConcurrency: number): Variant {
  const { deployment } = version;
  const variant = { VariantName: variantName, ModelName: version.sagemakerModelName };
  if (deployment.kind === 'serverless') {
    const MaxConcurrency = Math.min(deployment.maxConcurrency, serverlessMaxConcurrency);
    return { ...variant, ServerlessConfig: { MemorySizeInMB: deployment.memoryMegabytes, MaxConcurrency } };
  }
  return {
    ...variant,
    InstanceType: deployment.instance,
    InitialInstanceCount: deployment.count,
    InitialVariantWeight: 1,
  };
}

function contentHash(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 6);
}
