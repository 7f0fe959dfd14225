import { gzipSync } from 'node:zlib';
import {
  CreateTransformJobCommand,
  type CreateTransformJobCommandInput,
  DescribeTransformJobCommand,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flightsCsv } from '../../../../xgboost/test/flights.ts';
import { packed } from './archive-files.ts';
import { createEndpoint, createModel, invoke, xgboostModel } from './models.ts';
import { serverlessConfig, transformJob } from './requests.ts';
import { accountId, TestRegion, until } from './sagemaker-region.ts';
import { servers } from './servers.ts';

let region: TestRegion;
let features: string;

beforeAll(async () => {
  region = await TestRegion.start({ images: servers });
  const csv = await flightsCsv(3000, 'severity');
  features = csv.replaceAll(/^\d,/gm, '');
  await region.put('holdout/features.csv', features);
  for (const [name, hyperparameters] of Object.entries({
    softprob: { num_round: '5', objective: 'multi:softprob', num_class: '3' },
    regression: { num_round: '5' },
  })) {
    const model = await xgboostModel(csv, hyperparameters);
    await region.put(`${name}.tar.gz`, await packed({ 'xgboost-model': model }));
    await createModel(region, name, { key: `${name}.tar.gz` });
  }
  for (const name of ['echo', 'broken', 'slow', 'ending'])
    await createModel(region, name, { image: `user/${name}:1` });
});

afterAll(async () => await region.remove());

const describeJob = (name: string) =>
  region.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));

async function run(request: CreateTransformJobCommandInput) {
  await region.sagemaker.send(new CreateTransformJobCommand(request));
  return ended(request.TransformJobName ?? '');
}

const ended = (name: string) =>
  until(
    () => describeJob(name),
    ({ TransformJobStatus }) => !['InProgress', 'Stopping'].includes(TransformJobStatus ?? ''),
  );

const input = (S3Uri: string, rest: object = {}) => ({
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri } },
    ContentType: 'text/csv',
    SplitType: 'Line' as const,
    ...rest,
  },
});

describe('transform jobs', () => {
  test('score every row of an object, in order, next to the input name', async () => {
    const job = await run(transformJob('regression', 'regression'));

    expect(job).toMatchObject({
      TransformJobArn: `arn:aws:sagemaker:eu-west-1:${accountId}:transform-job/regression`,
      TransformJobStatus: 'Completed',
      TransformStartTime: expect.any(Date),
      TransformEndTime: expect.any(Date),
    });
    const scores = (await region.get('scores/features.csv.out')).toString().trim().split('\n');
    expect(scores).toHaveLength(3000);
    expect(scores.every((score) => Number.isFinite(Number(score)))).toBe(true);
  });

  test('agree with an endpoint of the same model, in the format of each', async () => {
    await run(
      transformJob('softprob', 'softprob', {
        TransformOutput: { S3OutputPath: 's3://bucket/probabilities/', AssembleWith: 'Line' },
      }),
    );
    await createEndpoint(region, 'softprob', serverlessConfig('softprob', 'softprob'));

    const batch = (await region.get('probabilities/features.csv.out')).toString().trim().split('\n');

    const online = (await invoke(region, 'softprob', features)).trim().split('\n');
    expect(batch[0]).toMatch(/^\[0\.\d+, 0\.\d+, 0\.\d+\]$/);
    expect(online[0]).toMatch(/^0\.\d+,0\.\d+,0\.\d+$/);
    expect(batch.map((line) => line.slice(1, -1).split(', '))).toEqual(online.map((line) => line.split(',')));
  });

  test('do not depend on how records are put into requests', async () => {
    await region.put('wide/features.csv', features.repeat(30));

    await run({
      ...transformJob('small', 'regression'),
      ...input('s3://bucket/wide/'),
      MaxPayloadInMB: 1,
      TransformOutput: { S3OutputPath: 's3://bucket/small' },
    });

    const once = (await region.get('scores/features.csv.out')).toString();
    expect((await region.get('small/features.csv.out')).toString()).toBe(once.repeat(30));
  });

  test('send one record at a time when asked to, and end each answer with a line', async () => {
    await region.put('few/rows.csv', '1,2\n\n3,4');

    await run({
      ...transformJob('single', 'echo'),
      ...input('s3://bucket/few/'),
      BatchStrategy: 'SingleRecord',
    });

    const answers = (await region.get('scores/rows.csv.out')).toString().trim().split('\n');
    expect(answers.map((answer) => JSON.parse(answer).body)).toEqual(['1,2\n', '3,4']);
    expect(JSON.parse(answers[0] ?? '').headers['content-type']).toBe('text/csv');
  });

  test('read all objects of a prefix and unpack them', async () => {
    await region.put('zipped/a.csv.gz', gzipSync('1\n'));
    await region.put('zipped/deep/b.csv.gz', gzipSync('2\n'));

    await run({
      ...transformJob('zipped', 'echo'),
      ...input('s3://bucket/zipped/', { CompressionType: 'Gzip', SplitType: 'None' }),
      BatchStrategy: undefined,
    });

    for (const [key, body] of [
      ['a.csv.gz.out', '1\n'],
      ['deep/b.csv.gz.out', '2\n'],
    ] as const) {
      expect(JSON.parse((await region.get(`scores/${key}`)).toString()).body).toBe(body);
    }
  });

  test('fail with what the container answered, and leave no output', async () => {
    await region.put('wrong/rows.csv', 'a,b\n');

    const job = await run({ ...transformJob('wrong', 'regression'), ...input('s3://bucket/wrong/') });

    expect(job.TransformJobStatus).toBe('Failed');
    expect(job.FailureReason).toContain(
      "HTTP 415 to records of s3://bucket/wrong/rows.csv: request, line 1, column 1: 'a'",
    );
    await expect(region.get('scores/rows.csv.out')).resolves.toBeDefined();
    await expect(region.get('wrong.out')).rejects.toThrow();
    expect(region.events.at(-1)?.detail).toMatchObject({
      TransformJobStatus: 'Failed',
      FailureReason: job.FailureReason,
    });
  });

  test.each([
    [
      'rows of another width',
      'regression',
      '1,2\n',
      'HTTP 400 to records of',
      'the model has 7 features, but the data has 2',
    ],
    ['a container that ends', 'ending', '1\n', 'ping health check', 'exit code 7'],
    [
      'a record larger than a request',
      'echo',
      `${'1'.repeat(1_100_000)}\n`,
      'ClientError',
      'Raise MaxPayloadInMB',
    ],
  ])('fail for %s', async (name, model, rows, ...reasons) => {
    await region.put(`failing/${model}/rows.csv`, rows);

    const job = await run({
      ...transformJob(`failing-${name.replaceAll(' ', '-')}`, model),
      ...input(`s3://bucket/failing/${model}/`),
      MaxPayloadInMB: 1,
    });

    for (const reason of reasons) expect(job.FailureReason).toContain(reason);
  });

  test('try again what failed on the side of the server, as often as they may', async () => {
    await region.put('server-error/rows.csv', '503');

    const job = await run({
      ...transformJob('server-error', 'broken'),
      ...input('s3://bucket/server-error/'),
      ModelClientConfig: { InvocationsMaxRetries: 1 },
    });

    expect(job.FailureReason).toContain('HTTP 503');
  });

  test('stop on request', async () => {
    await region.put('many/rows.csv', '1\n'.repeat(1000));
    await region.sagemaker.send(
      new CreateTransformJobCommand({
        ...transformJob('stopping', 'slow'),
        ...input('s3://bucket/many/'),
        BatchStrategy: 'SingleRecord',
      }),
    );

    await region.sagemaker.send(new StopTransformJobCommand({ TransformJobName: 'stopping' }));

    expect((await ended('stopping')).TransformJobStatus).toBe('Stopped');
    await expect(
      region.sagemaker.send(new StopTransformJobCommand({ TransformJobName: 'stopping' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('in status Stopped'),
    });
  });

  test.each<[string, object, string, string]>([
    ['a name in use', { TransformJobName: 'regression' }, 'ResourceInUse', 'already exists'],
    ['a model that does not exist', { ModelName: 'nobody' }, 'ValidationException', 'Could not find model'],
    ['input that is not there', input('s3://bucket/nothing/'), 'ValidationException', 'No S3 objects found'],
    [
      'a batch strategy without records',
      input('s3://bucket/holdout/', { SplitType: 'None' }),
      'ValidationException',
      'BatchStrategy needs a SplitType',
    ],
    [
      'too large requests together',
      { MaxConcurrentTransforms: 2, MaxPayloadInMB: 51 },
      'ValidationException',
      '100',
    ],
    [
      'records of another kind',
      input('s3://bucket/holdout/', { SplitType: 'TFRecord' }),
      'NotImplemented',
      'SplitType TFRecord',
    ],
    [
      'a manifest',
      {
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://bucket/m' } },
        },
      },
      'NotImplemented',
      'ManifestFile',
    ],
    ['filters', { DataProcessing: { InputFilter: '$[1:]' } }, 'NotImplemented', 'DataProcessing'],
  ])('%s is refused', async (_, overrides, name, message) => {
    const request = { ...transformJob('refused', 'regression'), ...overrides };

    await expect(region.sagemaker.send(new CreateTransformJobCommand(request))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  test('that do not exist are said not to', async () => {
    await expect(describeJob('nobody')).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Could not find requested job with name: nobody',
    });
  });

  test('run again after a restart of the region', async () => {
    const first = await TestRegion.start({ images: servers });
    await first.put('rows/rows.csv', '1\n'.repeat(1000));
    await createModel(first, 'slow', { image: 'user/slow:1' });
    await first.sagemaker.send(
      new CreateTransformJobCommand({
        ...transformJob('job', 'slow'),
        ...input('s3://bucket/rows/'),
        BatchStrategy: 'SingleRecord',
      }),
    );
    await first.stop();

    const second = await TestRegion.start(
      { images: { ...servers, 'user/slow:': servers['user/echo:'] } },
      first,
    );

    const job = await until(
      () => second.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: 'job' })),
      ({ TransformJobStatus }) => TransformJobStatus !== 'InProgress',
    );
    expect(job.TransformJobStatus).toBe('Completed');
    expect((await second.get('scores/rows.csv.out')).toString().trim().split('\n')).toHaveLength(1000);
    await second.remove();
  });
});
