import type { ServingSettings as DeploymentSettings } from '@tidemark/domain/definition/serving-settings.schema.ts';
import { servingSettingsSchema } from '@tidemark/domain/definition/serving-settings.schema.ts';
import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { Goal, Rollout } from '../../functions/deploy/rollout.schema.ts';

export const model = 'flight-delay';
export const endpointName = 'tidemark-dev-flight-delay';

/** A time in the tests' day. */
export const now = new Date('2026-03-01T12:00:00.000Z');

export const instanceSettings = servingSettingsSchema.parse({
  kind: 'instance',
  count: 2,
  traffic: 'canary',
  waitSeconds: 30,
});

/** A version that passed its gates, with everything that a deployment reads. */
export function versionRecord(version: number, more: Partial<VersionRecord> = {}): VersionRecord {
  const object = (key: string) => ({ bucket: 'artifacts', key, versionId: 'v1' });
  const run = `runs/${model}/run${version}`;
  const deployment: DeploymentSettings = servingSettingsSchema.parse(undefined);
  return {
    model,
    version,
    status: 'approved',
    runId: `run${version}`,
    createdAt: '2026-03-01T11:00:00.000Z',
    updatedAt: '2026-03-01T11:00:00.000Z',
    codeVersion: 'c0de',
    definitionHash: 'd0c',
    definitionObject: object(`definitions/${model}.yaml`),
    dataset: {
      datasetId: 'ds-0123456789abcdef',
      manifest: object('manifest'),
      rows: 1000,
      splitRows: { train: 700, validation: 150, holdout: 150 },
    },
    encoding: object(`${run}/encoding.json`),
    training: {
      jobName: `tidemark-dev-${model}-${version}`,
      jobArn: 'arn:aws:sagemaker:eu-west-1:000000000000:training-job/job',
      image: 'xgboost:1.7-1',
      imageDigest: null,
      hyperparameters: {},
      instance: 'ml.m5.large',
      spot: false,
      artifact: {
        bucket: 'artifacts',
        key: `models/${model}/run${version}/model.tar.gz`,
        versionId: '1',
        sha256: 'a'.repeat(64),
        bytes: 1000,
      },
    },
    sagemakerModelName: `tidemark-dev-${model}-run${version}`,
    scoredModelName: `tidemark-dev-${model}-run${version}-t`,
    evaluation: object(`${run}/evaluation.json`),
    smoke: object(`${run}/smoke.json`),
    metrics: {},
    gates: [],
    comparedWith: null,
    deployment,
    served: null,
    statusReason: null,
    ...more,
  };
}

/** A live version, proven with a configuration named after it. */
export function liveVersion(version: number, more: Partial<VersionRecord> = {}): VersionRecord {
  const endpointConfigName = configName(version);
  const served = {
    endpointName,
    endpointConfigName,
    provenAt: '2026-03-01T11:30:00.000Z',
    resolvedImage: null,
  };
  return versionRecord(version, { status: 'live', served, ...more });
}

export const configName = (version: number) => `${endpointName}-v${version}-abc123`;

export function deploymentOf(version: number, more: Partial<Rollout> = {}): Rollout {
  return {
    model,
    version,
    causeId: 'approval-1',
    leaseOwner: 'deployment-one',
    expectedLiveVersion: null,
    endpointName,
    before: null,
    ...more,
  };
}

export function goalOf(version: number, more: Partial<Goal> = {}): Goal {
  return {
    purpose: 'deploy',
    endpointName,
    endpointConfigName: configName(version),
    kind: 'serverless',
    version,
    mayReplace: false,
    deploymentConfig: null,
    limitSeconds: 2700,
    ...more,
  };
}

export function endpointOf(version: number, more: Partial<Endpoint> = {}): Endpoint {
  return {
    status: 'InService',
    endpointConfigName: configName(version),
    pendingConfigName: null,
    kind: 'serverless',
    failureReason: null,
    resolvedImage: null,
    ...more,
  };
}
