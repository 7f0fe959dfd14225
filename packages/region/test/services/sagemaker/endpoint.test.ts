import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DeleteTagsCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointsCommand,
  ListTagsCommand,
} from '@aws-sdk/client-sagemaker';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flightsCsv } from '../../../../xgboost/test/flights.ts';
import { serverlessConfig as serverlessSchema } from '../../../services/sagemaker/create-endpoint-config.schema.ts';
import { packed } from './archive-files.ts';
import { createEndpoint, createModel, describeEndpoint, invoke, settled, xgboostModel } from './models.ts';
import { instanceConfig, serverlessConfig } from './requests.ts';
import { accountId, roleArn, TestRegion, until, xgboostUri } from './sagemaker-region.ts';
import { servers } from './servers.ts';

const arn = (kind: string, name: string) => `arn:aws:sagemaker:eu-west-1:${accountId}:${kind}/${name}`;

let region: TestRegion;
let rows: string;

beforeAll(async () => {
  region = await TestRegion.start({ images: servers, serverlessIdleSeconds: 0.2, startupSeconds: 2 });
  const csv = await flightsCsv(2000, 'severity');
  rows = csv
    .split('\n')
    .slice(0, 5)
    .map((line) => line.replace(/^\d,/, ''))
    .join('\n');
  const model = await xgboostModel(csv, { num_round: '5', objective: 'multi:softprob', num_class: '3' });
  await region.put('model.tar.gz', await packed({ 'xgboost-model': model }));
  await createModel(region, 'flights', { key: 'model.tar.gz' });
});

afterAll(async () => await region.remove());

/** An integer for each number that a serverless configuration has, whichever they are. */
const serverlessConfigs = fc
  .record(
    Object.fromEntries(
      Object.entries(serverlessSchema.shape).map(([member, { minValue, maxValue }]) => [
        member,
        fc.integer({ min: Math.max(minValue ?? 1, 1), max: Math.min(maxValue ?? 6, 200) }),
      ]),
    ),
  )
  .map((config) => ({ ...config, MemorySizeInMB: 1024 * (1 + (Number(config.MemorySizeInMB) % 6)) }))
  .map((config) => serverlessSchema.parse(config));

const instanceVariants = fc.uniqueArray(
  fc.record(
    {
      VariantName: fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/),
      ModelName: fc.constant('flights'),
      InstanceType: fc.constantFrom('ml.m5.large', 'ml.c5.xlarge'),
      InitialInstanceCount: fc.integer({ min: 1, max: 9 }),
      InitialVariantWeight: fc.integer({ min: 0, max: 5 }),
      VolumeSizeInGB: fc.integer({ min: 1, max: 512 }),
      ModelDataDownloadTimeoutInSeconds: fc.integer({ min: 60, max: 3600 }),
      ContainerStartupHealthCheckTimeoutInSeconds: fc.integer({ min: 60, max: 3600 }),
    },
    { requiredKeys: ['VariantName', 'ModelName', 'InstanceType', 'InitialInstanceCount'] },
  ),
  { minLength: 1, maxLength: 3, selector: ({ VariantName }) => VariantName },
);

describe('what CreateEndpointConfig accepts', () => {
  test('DescribeEndpointConfig returns', async () => {
    const serverless = serverlessConfigs.map((ServerlessConfig) => [
      { VariantName: 'primary', ModelName: 'flights', ServerlessConfig },
    ]);
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(instanceVariants, serverless),
        fc.option(fc.constant(`arn:aws:kms:eu-west-1:${accountId}:key/a-key`), { nil: undefined }),
        async (ProductionVariants, KmsKeyId) => {
          number += 1;
          const request = {
            EndpointConfigName: `any-${number}`,
            ProductionVariants,
            ...(KmsKeyId !== undefined && { KmsKeyId }),
          };
          await region.sagemaker.send(new CreateEndpointConfigCommand(request));

          const { EndpointConfigName } = request;
          const described = await region.sagemaker.send(
            new DescribeEndpointConfigCommand({ EndpointConfigName }),
          );
          const { $metadata, EndpointConfigArn, CreationTime, ...returned } = described;
          expect(returned).toEqual(request);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('DescribeEndpoint returns as far as it is about a serverless variant', async () => {
    for (const [index, config] of fc.sample(serverlessConfigs, 3).entries()) {
      const name = `settings-${index}`;
      const { ProductionVariants } = await createEndpoint(region, name, {
        EndpointConfigName: name,
        ProductionVariants: [{ VariantName: 'primary', ModelName: 'flights', ServerlessConfig: config }],
      });

      expect(ProductionVariants).toMatchObject([{ CurrentServerlessConfig: config }]);
      await region.sagemaker.send(new DeleteEndpointCommand({ EndpointName: name }));
    }
  });
});

describe('endpoints', () => {
  test('on instances serve a model of the built-in XGBoost', async () => {
    const created = await createEndpoint(region, 'Instances', instanceConfig('instances-1', 'flights'));

    expect(created).toMatchObject({
      EndpointArn: arn('endpoint', 'instances'),
      EndpointConfigName: 'instances-1',
      EndpointStatus: 'InService',
      ProductionVariants: [
        {
          VariantName: 'primary',
          CurrentWeight: 1,
          CurrentInstanceCount: 2,
          DeployedImages: [{ SpecifiedImage: xgboostUri, ResolutionTime: expect.any(Date) }],
        },
      ],
    });
    expect(created.ProductionVariants?.[0]?.DeployedImages?.[0]?.ResolvedImage).toMatch(
      /^141502667606\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/sagemaker-xgboost@sha256:[0-9a-f]{64}$/,
    );
    const lines = (await invoke(region, 'Instances', rows)).trim().split('\n');
    expect(lines).toHaveLength(5);
    const [row = ''] = lines;
    expect(
      row
        .split(',')
        .map(Number)
        .reduce((sum, p) => sum + p),
    ).toBeCloseTo(1, 5);
  });

  test('tell the default bus of their states, in capitals', () => {
    const events = region.events.filter(({ resources }) => resources[0] === arn('endpoint', 'instances'));

    expect(events.map((event) => event['detail-type'])).toEqual(
      Array(2).fill('SageMaker Endpoint State Change'),
    );
    expect(events.map(({ detail }) => detail)).toMatchObject([
      { EndpointStatus: 'CREATING' },
      {
        EndpointStatus: 'IN_SERVICE',
        EndpointName: 'Instances',
        ProductionVariants: [{ DesiredInstanceCount: 2 }],
      },
    ]);
  });

  test('that are serverless start a container when asked and end it when idle', async () => {
    await createModel(region, 'process', { image: 'user/process:1' });
    await createEndpoint(region, 'serverless', serverlessConfig('serverless-1', 'process'));

    const first = Number(await invoke(region, 'serverless', ''));
    await until(
      async () => isAlive(first),
      (alive) => !alive,
    );
    const second = Number(await invoke(region, 'serverless', ''));

    expect(second).not.toBe(first);
    const [variant] = (await describeEndpoint(region, 'serverless')).ProductionVariants ?? [];
    expect(variant?.CurrentServerlessConfig).toEqual({ MemorySizeInMB: 2048, MaxConcurrency: 5 });
  });

  test('go on when a container ends by itself', async () => {
    await createModel(region, 'crashing', { image: 'user/crashing:1' });
    await createEndpoint(region, 'crashing', instanceConfig('crashing-1', 'crashing'));

    await expect(invoke(region, 'crashing', '')).rejects.toMatchObject({ name: 'ModelError' });
    await expect(invoke(region, 'crashing', '')).rejects.toMatchObject({ OriginalStatusCode: 0 });
    expect((await describeEndpoint(region, 'crashing')).EndpointStatus).toBe('InService');
  });

  test.each([
    ['ends at once', 'ending', 'did not pass the ping health check: it ended with exit code 7'],
    ['never answers', 'deaf', 'did not pass the ping health check: GET /ping did not answer 200 within 2 s'],
  ])('fail when their container %s', async (_, name, reason) => {
    await createModel(region, name, { image: `user/${name}:1` });

    const created = await createEndpoint(region, name, instanceConfig(name, name));

    expect(created.EndpointStatus).toBe('Failed');
    expect(created.FailureReason).toContain(reason);
    await expect(invoke(region, name, '')).rejects.toMatchObject({ name: 'ValidationError' });
    expect(region.events.at(-1)?.detail).toMatchObject({ EndpointStatus: 'FAILED' });
  });

  test('fail when their model is gone', async () => {
    await region.put('gone.tar.gz', await packed({ name: 'x' }));
    await createModel(region, 'gone', { image: 'user/named:1', key: 'gone.tar.gz' });
    await region.s3.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'gone.tar.gz' }));

    const created = await createEndpoint(region, 'gone', serverlessConfig('gone', 'gone'));

    expect(created).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining(
        'could not be loaded. The role cannot read s3://bucket/gone.tar.gz: NoSuchKey',
      ),
    });
  });

  test('are deleted with their processes', async () => {
    await createModel(region, 'deleted', { image: 'user/process:1' });
    await createEndpoint(region, 'deleted', instanceConfig('deleted-1', 'deleted'));
    const process = Number(await invoke(region, 'deleted', ''));

    await region.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'deleted' }));

    await until(
      async () => isAlive(process),
      (alive) => !alive,
    );
    await until(
      () =>
        describeEndpoint(region, 'deleted').then(
          () => 'there',
          (error: Error) => error.message,
        ),
      (message) => message === `Could not find endpoint "${arn('endpoint', 'deleted')}".`,
    );
    const events = region.events.filter(({ resources }) => resources[0] === arn('endpoint', 'deleted'));
    expect(events.at(-1)?.detail).toMatchObject({ EndpointStatus: 'DELETING' });
  });

  test('keep serving when their configuration and model are deleted', async () => {
    await createModel(region, 'short-lived', { image: 'user/process:1' });
    await createEndpoint(region, 'orphan', serverlessConfig('orphan-1', 'short-lived'));
    const before = Number(await invoke(region, 'orphan', ''));

    await region.sagemaker.send(new DeleteModelCommand({ ModelName: 'short-lived' }));
    await region.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'orphan-1' }));
    await until(
      async () => isAlive(before),
      (alive) => !alive,
    );

    expect(Number(await invoke(region, 'orphan', ''))).toBeGreaterThan(0);
  });

  test('are listed', async () => {
    const { Endpoints } = await region.sagemaker.send(
      new ListEndpointsCommand({
        StatusEquals: 'InService',
        NameContains: 'n',
        SortBy: 'Name',
        SortOrder: 'Ascending',
      }),
    );

    expect(Endpoints?.map(({ EndpointName }) => EndpointName)).toEqual(['Instances', 'crashing', 'orphan']);
  });

  test('split traffic between variants by weight', async () => {
    for (const name of ['a', 'b']) {
      await region.put(`${name}.tar.gz`, await packed({ name }));
      await createModel(region, `variant-${name}`, { image: 'user/named:1', key: `${name}.tar.gz` });
    }
    const variant = (name: string, weight: number) => ({
      VariantName: name,
      ModelName: `variant-${name}`,
      InstanceType: 'ml.m5.large' as const,
      InitialInstanceCount: 1,
      InitialVariantWeight: weight,
    });
    await createEndpoint(region, 'split', {
      EndpointConfigName: 'split-1',
      ProductionVariants: [variant('a', 3), variant('b', 1)],
    });

    const answers = [];
    for (let request = 0; request < 40; request += 1) answers.push(await invoke(region, 'split', ''));

    expect(answers.filter((name) => name === 'b').length).toBeGreaterThanOrEqual(9);
    expect(answers.filter((name) => name === 'b').length).toBeLessThanOrEqual(11);
    expect(await invoke(region, 'split', '', { TargetVariant: 'b' })).toBe('b');
    await expect(invoke(region, 'split', '', { TargetVariant: 'c' })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

describe('a restart of the region', () => {
  test('brings endpoints back with the same predictions, and goes on creating', async () => {
    const first = await TestRegion.start({ images: servers });
    await first.put('model.tar.gz', await region.get('model.tar.gz'));
    await createModel(first, 'flights', { key: 'model.tar.gz' });
    await createModel(first, 'deaf', { image: 'user/deaf:1' });
    await createEndpoint(first, 'instances', instanceConfig('instances-1', 'flights'));
    await createEndpoint(first, 'serverless', serverlessConfig('serverless-1', 'flights'));
    const before = await Promise.all(['instances', 'serverless'].map((name) => invoke(first, name, rows)));
    await first.sagemaker.send(new CreateEndpointConfigCommand(instanceConfig('unfinished', 'deaf')));
    await first.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'unfinished', EndpointConfigName: 'unfinished' }),
    );
    await first.stop();

    const second = await TestRegion.start(
      { images: { ...servers, 'user/deaf:': servers['user/process:'] } },
      first,
    );

    const after = await Promise.all(['instances', 'serverless'].map((name) => invoke(second, name, rows)));
    expect(after).toEqual(before);
    expect((await settled(second, 'unfinished')).EndpointStatus).toBe('InService');
    await second.remove();
  });
});

describe('models and endpoint configurations', () => {
  test('are described as they were created', async () => {
    const model = await region.sagemaker.send(new DescribeModelCommand({ ModelName: 'flights' }));
    const config = await region.sagemaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: 'serverless-1' }),
    );

    expect(model).toMatchObject({
      ModelArn: arn('model', 'flights'),
      ExecutionRoleArn: roleArn,
      PrimaryContainer: { Image: xgboostUri, ModelDataUrl: 's3://bucket/model.tar.gz' },
      EnableNetworkIsolation: false,
      CreationTime: expect.any(Date),
    });
    expect(config).toMatchObject({
      EndpointConfigArn: arn('endpoint-config', 'serverless-1'),
      ProductionVariants: [{ ModelName: 'process', ServerlessConfig: { MaxConcurrency: 5 } }],
    });
  });

  test('have tags', async () => {
    const ResourceArn = arn('model', 'flights');
    const tag = (Key: string, Value: string) => ({ Key, Value });
    await region.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [tag('a', '1'), tag('b', '2')] }));
    await region.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [tag('b', '3')] }));
    await region.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ['a'] }));

    expect((await region.sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags).toEqual([tag('b', '3')]);
    await expect(
      region.sagemaker.send(new ListTagsCommand({ ResourceArn: arn('model', 'nobody') })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each<[string, object, string]>([
    [
      'a model data URL that is no archive',
      { PrimaryContainer: { Image: xgboostUri, ModelDataUrl: 's3://bucket/model.zip' } },
      '.tar.gz',
    ],
    [
      'model data that is not there',
      { PrimaryContainer: { Image: xgboostUri, ModelDataUrl: 's3://bucket/no.tar.gz' } },
      'Could not find model data',
    ],
    ['an unknown image', { PrimaryContainer: { Image: 'who/knows:1' } }, 'cannot run the image'],
    ['no container', { PrimaryContainer: undefined }, 'PrimaryContainer'],
    ['two containers', { Containers: [{ Image: xgboostUri }] }, 'more than one container'],
    [
      'a name in use',
      { ModelName: 'Flights' },
      `Cannot create already existing model "${arn('model', 'flights')}"`,
    ],
    ['a name with a dot', { ModelName: 'a.b' }, 'ModelName'],
  ])('%s is refused', async (_, overrides, message) => {
    const request = {
      ModelName: 'refused',
      PrimaryContainer: { Image: xgboostUri },
      ExecutionRoleArn: roleArn,
      ...overrides,
    };

    await expect(region.sagemaker.send(new CreateModelCommand(request))).rejects.toThrow(message);
  });

  const instances = instanceConfig('refused', 'flights').ProductionVariants?.[0];
  const serverless = serverlessConfig('refused', 'flights').ProductionVariants?.[0];
  const memory = (MemorySizeInMB: number, MaxConcurrency = 1) => ({
    ProductionVariants: [{ ...serverless, ServerlessConfig: { MemorySizeInMB, MaxConcurrency } }],
  });
  test.each<[string, object, string]>([
    [
      'a name in use',
      { EndpointConfigName: 'instances-1' },
      'Cannot create already existing endpoint configuration',
    ],
    [
      'a model that does not exist',
      { ProductionVariants: [{ ...instances, ModelName: 'nobody' }] },
      `Could not find model "${arn('model', 'nobody')}"`,
    ],
    ['memory between the steps', memory(1500), 'MemorySizeInMB must be one of 1024, 2048'],
    ['too much memory', memory(7168), 'MemorySizeInMB must be one of'],
    ['too many concurrent requests', memory(1024, 201), 'MaxConcurrency'],
    ['no concurrent request', memory(1024, 0), 'MaxConcurrency'],
    [
      'neither instances nor serverless',
      { ProductionVariants: [{ VariantName: 'a', ModelName: 'flights' }] },
      'needs InstanceType',
    ],
    [
      'instances and serverless',
      { ProductionVariants: [{ ...instances, ...serverless }] },
      'only one of them',
    ],
    [
      'two serverless variants',
      { ProductionVariants: [serverless, { ...serverless, VariantName: 'b' }] },
      'multiple production variants',
    ],
    [
      'two variants of a name',
      { ProductionVariants: [instances, instances] },
      'more than one production variant',
    ],
    [
      'a variant name with an underscore',
      { ProductionVariants: [{ ...instances, VariantName: 'v_1' }] },
      'VariantName',
    ],
    ['asynchronous inference', { AsyncInferenceConfig: { OutputConfig: {} } }, 'AsyncInferenceConfig'],
  ])('%s is refused', async (_, overrides, message) => {
    const request = { ...instanceConfig('refused', 'flights'), ...overrides };

    await expect(region.sagemaker.send(new CreateEndpointConfigCommand(request))).rejects.toThrow(message);
  });

  test.each([
    ['VpcConfig', { VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] } }],
    ['network isolation', { EnableNetworkIsolation: true }],
  ])('a serverless variant of a model with %s is refused', async (what, settings) => {
    const name = `model-with-${what.replace(' ', '-')}`;
    await createModel(region, name, settings);

    await expect(
      region.sagemaker.send(new CreateEndpointConfigCommand(serverlessConfig('refused', name))),
    ).rejects.toThrow(what);
  });

  test('that do not exist cannot be described, deleted or used', async () => {
    const notFound = { name: 'ValidationException', message: expect.stringContaining('Could not find') };
    const { sagemaker } = region;
    for (const attempt of [
      () => sagemaker.send(new DescribeModelCommand({ ModelName: 'nobody' })),
      () => sagemaker.send(new DeleteModelCommand({ ModelName: 'nobody' })),
      () => sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'nobody' })),
      () => sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'nobody' })),
      () => sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'nobody' })),
      () => sagemaker.send(new CreateEndpointCommand({ EndpointName: 'new', EndpointConfigName: 'nobody' })),
    ]) {
      await expect(attempt()).rejects.toMatchObject(notFound);
    }
  });

  test('an endpoint that exists cannot be created', async () => {
    const request = { EndpointName: 'INSTANCES', EndpointConfigName: 'instances-1' };

    await expect(region.sagemaker.send(new CreateEndpointCommand(request))).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Cannot create already existing endpoint "${arn('endpoint', 'instances')}".`,
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
