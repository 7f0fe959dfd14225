import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallClock } from '../../packages/region/clock.ts';
import { integrations } from '../../packages/region/states/tasks/integrations.ts';
import { Sdk } from '../../packages/region/states/tasks/sdk.client.ts';
import { installation } from '../support/installation.ts';
import { Machine } from '../support/machine.ts';
import { registryTableInput, registryTableName } from '../support/registry.ts';
import { accountId, region, type Services, startServices } from '../support/services.ts';

export const dataBucket = 'data';
export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';

/** The local region's services that whole retrainings need, and the machine with its real handlers. */
export interface RetrainRegion {
  readonly services: Services;
  readonly machine: Machine;
  stop(): Promise<void>;
}

export async function startRetrainRegion(): Promise<RetrainRegion> {
  const services = await startServices({
    buckets: { [dataBucket]: {}, [artifactsBucket]: {} },
    tables: [registryTableInput],
    buses: [eventBus],
    installation: await installation(),
  });
  const { sdkConfig } = services;
  Object.assign(process.env, {
    STAGE: 'dev',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: dataBucket,
    ARTIFACTS_BUCKET: artifactsBucket,
    CODE_VERSION: 'test',
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_ACCESS_KEY_ID: sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sdkConfig.credentials.secretAccessKey,
  });
  const directory = mkdtempSync(join(tmpdir(), 'retraining-'));
  const integrationFor = integrations(
    new Sdk({ roles: services.roles, region, endpoint: () => services.endpoint }),
  );
  const machine = new Machine({
    name: 'retrain',
    eventBus,
    // Two days of following take seconds.
    clock: wallClock({ speed: 1_000_000 }),
    directory,
    permissions: services.rolesOf('Retrain'),
    integrationFor,
    handlers: {
      Decide: (await import('../../functions/retrain/decide.lambda.ts')).handler,
      ExportRows: (await import('../../functions/retrain/export-rows.lambda.ts')).handler,
      DropRows: (await import('../../functions/retrain/drop-rows.lambda.ts')).handler,
      Follow: (await import('../../functions/retrain/follow.lambda.ts')).handler,
      RecordFailure: (await import('../../functions/retrain/record-failure.lambda.ts')).handler,
    },
  });
  return {
    services,
    machine,
    async stop() {
      await services.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** An execution's ARN that no machine of a test has. */
export const otherExecution = `arn:aws:states:${region}:${accountId}:execution:retrain:other`;
