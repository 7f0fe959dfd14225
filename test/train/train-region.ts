import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallClock } from '../../packages/region/clock.ts';
import type { ImageMap } from '../../packages/region/containers/images.ts';
import { Gateway } from '../../packages/region/gateway/gateway.ts';
import type { Roles } from '../../packages/region/gateway/roles.ts';
import { ecrService } from '../../packages/region/services/ecr/ecr-service.ts';
import { sagemakerService } from '../../packages/region/services/sagemaker/sagemaker-service.ts';
import { installation } from '../support/installation.ts';
import { registryTableInput, registryTableName } from '../support/registry.ts';
import { accountId, region, type Services, startServices } from '../support/services.ts';

export const dataBucket = 'data';
export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';
export const xgboostImage = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1';

/** A user's own image, `odd-container.mjs`, which behaves as its tag says. */
export const oddImage = (behaviour: OddBehaviour) => `${oddRepository}:${behaviour}`;
const oddRepository = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/odd';
const oddBehaviours = ['answers', 'fails', 'hangs', 'answers-too-little', 'answers-no-probability'] as const;
type OddBehaviour = (typeof oddBehaviours)[number];

/** The local region's services that whole training runs need, over HTTP. */
export interface TrainRegion {
  readonly services: Services;
  /** Where SageMaker and ECR are. */
  readonly jobsEndpoint: string;
  readonly roles: Roles;
  /** For files of the test. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** Waits are 200 times shorter than they say, so that a run takes no longer than its containers do. */
export const clock = wallClock({ speed: 200 });

export async function startTrainRegion(): Promise<TrainRegion> {
  const services = await startServices({
    buckets: { [dataBucket]: {}, [artifactsBucket]: {} },
    tables: [registryTableInput],
    buses: [eventBus],
    installation: await installation(),
  });
  const directory = mkdtempSync(join(tmpdir(), 'training-'));
  const place = { accountId, region, roles: services.roles };
  const faults: string[] = [];
  const onFault = (fault: unknown, what: string) => faults.push(`${what}: ${String(fault)}`);
  const images: ImageMap = Object.fromEntries(
    oddBehaviours.map((behaviour) => [
      oddImage(behaviour),
      ['node', 'test/train/odd-container.mjs', behaviour] as const,
    ]),
  );
  const sagemaker = await sagemakerService({
    ...place,
    directory: join(directory, 'sagemaker'),
    endpoint: () => services.endpoint,
    events: { emit: async () => undefined },
    clock,
    images,
    onFault,
  });
  const jobs = await Gateway.start({ ...place, services: [sagemaker, ecrService({ images })], onFault });
  giveEnvironment(services, jobs);
  return {
    services,
    jobsEndpoint: jobs.endpoint,
    roles: place.roles,
    directory,
    async stop() {
      await jobs.stop();
      await services.stop();
      await rm(directory, { recursive: true });
      if (faults.length > 0) throw new Error(`SageMaker had faults:\n${faults.join('\n')}`);
    },
  };
}

/** Handlers read their environment when they are loaded, as Lambda gives it. */
function giveEnvironment({ endpoint, sdkConfig, rolesOf }: Services, jobs: Gateway): void {
  const sagemakerRoles = rolesOf('SageMaker');
  Object.assign(process.env, {
    STAGE: 'dev',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: dataBucket,
    ARTIFACTS_BUCKET: artifactsBucket,
    CODE_VERSION: 'test',
    XGBOOST_IMAGE: xgboostImage,
    JOBS_ROLE_ARN: sagemakerRoles.roleOf('Jobs'),
    SERVING_ROLE_ARN: sagemakerRoles.roleOf('Serving'),
    SERVERLESS_ROLE_ARN: sagemakerRoles.roleOf('Serverless'),
    IMAGES: JSON.stringify([oddRepository]),
    NETWORK_ISOLATION: 'where-allowed',
    KMS_KEY_ARN: '',
    SUBNET_IDS: '',
    SECURITY_GROUP_IDS: '',
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_ECR: jobs.endpoint,
    AWS_ACCESS_KEY_ID: sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sdkConfig.credentials.secretAccessKey,
    // The SDK's own retries would slow down what the machine retries anyway.
    AWS_MAX_ATTEMPTS: '1',
  });
}
