import { servingSettingsSchema } from '@tidemark/domain/definition/serving-settings.schema.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HostingSettings,
  planEndpoint,
  returnLimitSeconds,
} from '../../functions/deploy/endpoint-plan.ts';
import { endpointName, model, versionRecord } from './deploy-records.ts';

const settings: HostingSettings = {
  stage: 'dev',
  tags: [{ Key: 'cost-centre', Value: '42' }],
  serverlessMaxConcurrency: 10,
  kmsKeyArn: null,
  artifactsBucket: 'artifacts',
};
const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/k';

const serverless = (more = {}) =>
  versionRecord(3, { deployment: servingSettingsSchema.parse({ kind: 'serverless', ...more }) });
const onInstances = (more = {}) =>
  versionRecord(3, { deployment: servingSettingsSchema.parse({ kind: 'instance', ...more }) });

describe('a serverless endpoint', () => {
  it('has one variant, the definition’s memory and concurrency, and tags', () => {
    const plan = planEndpoint(serverless({ memoryMegabytes: 3072, maxConcurrency: 7 }), settings);

    expect(plan).toMatchObject({ endpointName, kind: 'serverless', alarms: [], deploymentConfig: null });
    expect(plan.endpointConfig).toEqual({
      EndpointConfigName: plan.endpointConfigName,
      ProductionVariants: [
        {
          VariantName: 'primary',
          ModelName: 'tidemark-dev-flight-delay-run3',
          ServerlessConfig: { MemorySizeInMB: 3072, MaxConcurrency: 7 },
        },
      ],
      Tags: [
        { Key: 'cost-centre', Value: '42' },
        { Key: 'tidemark:stage', Value: 'dev' },
        { Key: 'tidemark:model', Value: model },
        { Key: 'tidemark:version', Value: '3' },
      ],
    });
  });

  it('never has more concurrency than the installation allows', () => {
    const { endpointConfig } = planEndpoint(serverless({ maxConcurrency: 200 }), settings);

    expect(endpointConfig.ProductionVariants[0]?.ServerlessConfig?.MaxConcurrency).toBe(10);
  });

  it('takes the installation’s key', () => {
    expect(planEndpoint(serverless(), { ...settings, kmsKeyArn }).endpointConfig.KmsKeyId).toBe(kmsKeyArn);
  });
});

describe('an instance endpoint', () => {
  it('has the definition’s instances', () => {
    const { endpointConfig } = planEndpoint(onInstances({ instance: 'ml.c5.xlarge', count: 3 }), settings);

    expect(endpointConfig.ProductionVariants).toEqual([
      {
        VariantName: 'primary',
        ModelName: 'tidemark-dev-flight-delay-run3',
        InstanceType: 'ml.c5.xlarge',
        InitialInstanceCount: 3,
        InitialVariantWeight: 1,
      },
    ]);
  });

  it('captures all of its traffic, in a folder of the version’s own', () => {
    const { endpointConfig } = planEndpoint(onInstances(), settings);

    expect(endpointConfig.DataCaptureConfig).toEqual({
      EnableCapture: true,
      InitialSamplingPercentage: 100,
      DestinationS3Uri: 's3://artifacts/captures/flight-delay/endpoint/v00000003',
      CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
      CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'] },
    });
  });

  it('captures under the installation’s key, also where its disks take none', () => {
    const onLocalStorage = onInstances({ instance: 'ml.m5d.large' });
    const { endpointConfig } = planEndpoint(onLocalStorage, { ...settings, kmsKeyArn });

    expect(endpointConfig.DataCaptureConfig?.KmsKeyId).toBe(kmsKeyArn);
  });

  it('is updated under two alarms on its own fleet', () => {
    const plan = planEndpoint(onInstances(), settings);
    const config = plan.endpointConfigName.replace(/^tidemark-\w+-/, '$&update-');
    const alarmNames = [`${config}-server-errors`, `${config}-latency`];

    expect(plan.alarms.map(({ AlarmName }) => AlarmName)).toEqual(alarmNames);
    expect(plan.deploymentConfig?.AutoRollbackConfiguration?.Alarms).toEqual(
      alarmNames.map((AlarmName) => ({ AlarmName })),
    );
    for (const { Dimensions } of plan.alarms) {
      expect(Dimensions).toEqual([
        { Name: 'EndpointName', Value: plan.endpointName },
        { Name: 'VariantName', Value: 'primary' },
        { Name: 'EndpointConfigName', Value: plan.endpointConfigName },
      ]);
    }
  });

  it.each([
    { instance: 'ml.m5.large', takesKey: true },
    { instance: 'ml.c6i.xlarge', takesKey: true },
    { instance: 'ml.inf2.xlarge', takesKey: true },
    { instance: 'ml.t2.medium', takesKey: true },
    { instance: 'ml.m5d.large', takesKey: false },
    { instance: 'ml.c6gd.large', takesKey: false },
    { instance: 'ml.g4dn.xlarge', takesKey: false },
    { instance: 'ml.g5.2xlarge', takesKey: false },
    { instance: 'ml.p4de.24xlarge', takesKey: false },
    { instance: 'ml.trn1n.32xlarge', takesKey: false },
  ])('encrypts $instance with the key only if SageMaker takes one for it', ({ instance, takesKey }) => {
    const { endpointConfig } = planEndpoint(onInstances({ instance }), { ...settings, kmsKeyArn });

    expect(endpointConfig.KmsKeyId).toBe(takesKey ? kmsKeyArn : undefined);
  });

  it('gets the time that SageMaker may take and then some', () => {
    const plan = planEndpoint(onInstances({ count: 2, traffic: 'canary', waitSeconds: 600 }), settings);
    const longest = plan.deploymentConfig?.BlueGreenUpdatePolicy?.MaximumExecutionTimeoutInSeconds;

    expect(longest).toBe(3600 + 3 * 600);
    expect(plan.limitSeconds).toBeGreaterThan(longest ?? Number.POSITIVE_INFINITY);
    expect(returnLimitSeconds('instance')).toBeGreaterThanOrEqual(3600);
  });
});

describe('the name of a configuration', () => {
  const nameOf = (version: VersionRecord, more: Partial<HostingSettings> = {}) =>
    planEndpoint(version, { ...settings, ...more }).endpointConfigName;

  it('says which version it is of', () => {
    expect(nameOf(serverless())).toMatch(/^tidemark-dev-flight-delay-v3-[0-9a-f]{6}$/);
  });

  it('is the same for the same content', () => {
    expect(nameOf(serverless())).toBe(nameOf(serverless()));
  });

  it.each([
    { title: 'the memory', version: serverless({ memoryMegabytes: 6144 }) },
    { title: 'the kind', version: onInstances() },
    { title: 'the SageMaker model', version: { ...serverless(), sagemakerModelName: 'other' } },
    { title: 'the key', version: serverless(), more: { kmsKeyArn } },
    { title: 'the concurrency limit', version: serverless(), more: { serverlessMaxConcurrency: 2 } },
  ])('is another when $title is another, as a configuration cannot be changed', ({ version, more }) => {
    expect(nameOf(version, more)).not.toBe(nameOf(serverless()));
  });

  it('fits SageMaker’s 63 characters and pattern for every stage, model and version up to 99,999', () => {
    const letters = (max: number) => fc.stringMatching(new RegExp(`^[a-z][a-z0-9]{0,${max - 1}}$`));
    fc.assert(
      fc.property(letters(8), letters(31), fc.integer({ min: 1, max: 99_999 }), (stage, name, version) => {
        const record = { ...versionRecord(version), model: name };
        expect(nameOf(record, { stage })).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
      }),
    );
  });

  it('is refused rather than cut when it would be longer', () => {
    const record = { ...versionRecord(123_456), model: 'a'.repeat(31) };

    expect(() => nameOf(record, { stage: 'abcdefgh' })).toThrow(/SageMaker takes 63/);
  });
});
