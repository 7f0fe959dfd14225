import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flightsCsv } from '../../../../xgboost/test/flights.ts';
import { unpacked } from './archive-files.ts';
import { channel, trainingJob } from './requests.ts';
import { accountId, roleArn, TestRegion, until } from './sagemaker-region.ts';

/** A container of a user, as a shell script: `train` is its last argument. */
const script = (text: string): string[] => ['sh', '-c', text, 'container'];

const images = {
  'user/layout:': script(
    'cp -r "$SAGEMAKER_BASE_DIR"/input model/; env | sort > model/environment; echo "$1" > model/verb; pwd > model/pwd; echo artifact > output/data/extra',
  ),
  'user/metrics:': script('echo "epoch 1 loss=0.9"; echo "epoch 2 loss=0.5" >&2; echo "loss=nothing"'),
  'user/failing:': script('mkdir -p output; printf "the data is %2000s" bad > output/failure; exit 3'),
  'user/killed:': script('kill -9 $$'),
  'user/sleeping:': script('echo begun; trap "echo saved > model/checkpoint; exit 0" TERM; sleep 60 & wait'),
  'user/missing:': ['/no/such/command'],
};

let region: TestRegion;

beforeAll(async () => {
  region = await TestRegion.start({ images });
  await region.put('train/part-1.csv', await flightsCsv(4000, 'late'));
  await region.put('train/deep/part-2.csv', await flightsCsv(1000, 'late', 1));
  await region.put('validation/data.csv', await flightsCsv(1000, 'late', 2));
});

afterAll(async () => await region.remove());

const describeJob = (name: string) =>
  region.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));

async function run(request: CreateTrainingJobCommandInput) {
  await region.sagemaker.send(new CreateTrainingJobCommand(request));
  return ended(request.TrainingJobName ?? '');
}

function ended(name: string) {
  return until(
    () => describeJob(name),
    ({ TrainingJobStatus }) => !['InProgress', 'Stopping'].includes(TrainingJobStatus ?? ''),
  );
}

describe('training jobs', () => {
  test('train the built-in XGBoost on channels in S3, to an artifact in S3', async () => {
    const job = await run({
      ...trainingJob('xgboost'),
      HyperParameters: { num_round: '5', objective: 'binary:logistic', eval_metric: 'auc' },
      InputDataConfig: [channel('train'), channel('validation', 's3://bucket/validation/da')],
    });

    expect(job).toMatchObject({
      TrainingJobArn: `arn:aws:sagemaker:eu-west-1:${accountId}:training-job/xgboost`,
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://bucket/models/xgboost/output/model.tar.gz' },
      HyperParameters: { num_round: '5' },
      EnableManagedSpotTraining: false,
    });
    expect(job.FailureReason).toBeUndefined();
    expect(job.BillableTimeInSeconds).toBeGreaterThan(0);
    expect(job.TrainingEndTime).toBeInstanceOf(Date);
    expect(job.FinalMetricDataList?.map(({ MetricName }) => MetricName)).toEqual([
      'train:auc',
      'validation:auc',
    ]);
    expect(job.FinalMetricDataList?.[1]?.Value).toBeGreaterThan(0.55);
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    expect(job.SecondaryStatusTransitions?.every(({ EndTime }) => EndTime instanceof Date)).toBe(true);
    expect((await region.get('models/xgboost/output/model.tar.gz')).length).toBeGreaterThan(500);
    const log = await readFile(
      join(region.directory, 'sagemaker/logs/TrainingJobs/xgboost/algo-1.log'),
      'utf8',
    );
    expect(log).toContain('Train matrix has 5000 rows and 7 columns');
    expect(log).toContain('Validation matrix has 1000 rows');
  });

  test('tell the default bus of every status', async () => {
    const events = region.events.filter(({ resources }) => resources[0]?.endsWith('training-job/xgboost'));

    expect(new Set(events.map((event) => `${event.source} ${event['detail-type']}`))).toEqual(
      new Set(['aws.sagemaker SageMaker Training Job State Change']),
    );
    expect(events.at(-1)?.detail).toMatchObject({
      TrainingJobName: 'xgboost',
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      CreationTime: expect.stringMatching(/^\d{13}$/),
      RoleArn: roleArn,
      Tags: {},
    });
  });

  test('give a container of the user what SageMaker gives it', async () => {
    const job = await run({
      ...trainingJob('layout', { image: 'user/layout:1' }),
      Environment: { COLOUR: 'blue' },
      HyperParameters: { depth: '3' },
    });

    expect(job.TrainingJobStatus).toBe('Completed');
    const files = await unpacked(await region.get('models/layout/output/model.tar.gz'));
    expect(files.verb).toBe('train\n');
    expect(JSON.parse(files['input/config/hyperparameters.json'] ?? '')).toEqual({ depth: '3' });
    expect(JSON.parse(files['input/config/inputdataconfig.json'] ?? '')).toEqual({
      train: {
        ContentType: 'text/csv',
        TrainingInputMode: 'File',
        S3DistributionType: 'FullyReplicated',
        RecordWrapperType: 'None',
      },
    });
    expect(JSON.parse(files['input/config/resourceconfig.json'] ?? '')).toMatchObject({
      current_host: 'algo-1',
      hosts: ['algo-1'],
    });
    expect(Object.keys(files)).toContain('input/data/train/deep/part-2.csv');
    const environment = files.environment ?? '';
    expect(environment).toContain('COLOUR=blue\n');
    expect(environment).toContain('TRAINING_JOB_NAME=layout\n');
    expect(environment).toContain('TRAINING_JOB_ARN=arn:aws:sagemaker:');
    expect(environment).toMatch(/AWS_ACCESS_KEY_ID=ASIA/);
    expect(environment).not.toContain('VITEST');
    expect(files.pwd).toContain('layout/opt-ml');
    const output = await unpacked(await region.get('models/layout/output/output.tar.gz'));
    expect(output).toEqual({ extra: 'artifact\n' });
  });

  test('keep credentials from a container in network isolation', async () => {
    await run({ ...trainingJob('isolated', { image: 'user/layout:1' }), EnableNetworkIsolation: true });

    const files = await unpacked(await region.get('models/isolated/output/model.tar.gz'));
    expect(files.environment).not.toContain('AWS_ACCESS_KEY_ID');
  });

  test('report the last value of each metric that the request defines', async () => {
    const job = await run({
      ...trainingJob('metrics'),
      AlgorithmSpecification: {
        TrainingImage: 'user/metrics:1',
        TrainingInputMode: 'File',
        MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }],
      },
    });

    expect(job.FinalMetricDataList).toMatchObject([{ MetricName: 'loss', Value: 0.5 }]);
  });

  test('fail with the first 1,024 characters of the failure file and the exit code', async () => {
    const job = await run(trainingJob('failing', { image: 'user/failing:1' }));

    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed' });
    expect(job.FailureReason).toMatch(/^AlgorithmError: the data is +/);
    expect(job.FailureReason).toHaveLength(1024);
    expect(job.ModelArtifacts).toBeUndefined();
    expect(region.events.at(-1)?.detail).toMatchObject({ FailureReason: job.FailureReason });
  });

  test.each([
    ['killed', 'user/killed:1', 'AlgorithmError: , exit code: 137'],
    ['missing', 'user/missing:1', 'AlgorithmError: , exit code: 127'],
  ])('a container that is %s fails the job with its exit code', async (name, image, reason) => {
    expect((await run(trainingJob(name, { image }))).FailureReason).toBe(reason);
  });

  test('a wrong hyperparameter fails the job and says which', async () => {
    const job = await run({
      ...trainingJob('wrong-depth'),
      HyperParameters: { num_round: '5', max_depth: 'deep' },
    });

    expect(job.FailureReason).toBe(
      "AlgorithmError: The hyperparameter max_depth is 'deep', which is not a whole number., exit code: 1",
    );
  });

  test('stop on request, keeping what the container saved in its grace', async () => {
    await region.sagemaker.send(
      new CreateTrainingJobCommand(trainingJob('stopping', { image: 'user/sleeping:1' })),
    );
    await until(
      () => describeJob('stopping'),
      ({ SecondaryStatus }) => SecondaryStatus === 'Training',
    );

    await region.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopping' }));

    expect(await ended('stopping')).toMatchObject({
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'Stopped',
    });
    const files = await unpacked(await region.get('models/stopping/output/model.tar.gz'));
    expect(files).toEqual({ checkpoint: 'saved\n' });
    await expect(
      region.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopping' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('in status Stopped'),
    });
  });

  test('stop by themselves after MaxRuntimeInSeconds', async () => {
    const job = await run({
      ...trainingJob('endless', { image: 'user/sleeping:1' }),
      StoppingCondition: { MaxRuntimeInSeconds: 1 },
    });

    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });

  test('record spot', async () => {
    const job = await run({
      ...trainingJob('spot', { image: 'user/metrics:1' }),
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 120 },
    });

    expect(job).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxWaitTimeInSeconds: 120 },
    });
    expect(job.BillableTimeInSeconds).toBeLessThanOrEqual(job.TrainingTimeInSeconds ?? 0);
  });

  test('are listed by name, status and time', async () => {
    const list = (input: object) => region.sagemaker.send(new ListTrainingJobsCommand(input));

    const failed = await list({ StatusEquals: 'Failed', SortBy: 'Name', SortOrder: 'Ascending' });
    expect(failed.TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName)).toEqual([
      'failing',
      'killed',
      'missing',
      'wrong-depth',
    ]);
    const first = await list({ MaxResults: 2, SortOrder: 'Ascending' });
    expect(first.TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName)).toEqual([
      'xgboost',
      'layout',
    ]);
    const second = await list({ MaxResults: 2, SortOrder: 'Ascending', NextToken: first.NextToken });
    expect(second.TrainingJobSummaries?.[0]?.TrainingJobName).toBe('isolated');
    const named = await list({ NameContains: 'boost', CreationTimeAfter: new Date(0) });
    expect(named.TrainingJobSummaries).toHaveLength(1);
  });

  test.each<[string, object, string, string]>([
    ['a name with a dot', { TrainingJobName: 'a.b' }, 'ValidationException', 'TrainingJobName'],
    [
      'a name that is too long',
      { TrainingJobName: 'a'.repeat(64) },
      'ValidationException',
      'TrainingJobName',
    ],
    ['a name in use, in other capitals', { TrainingJobName: 'XGBoost' }, 'ResourceInUse', 'already exists'],
    ['no role', { RoleArn: undefined }, 'ValidationException', 'RoleArn'],
    [
      'no image',
      { AlgorithmSpecification: { TrainingInputMode: 'File' } },
      'ValidationException',
      'TrainingImage',
    ],
    [
      '101 hyperparameters',
      { HyperParameters: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`h${n}`, '1'])) },
      'ValidationException',
      'More than 100',
    ],
    [
      'a hyperparameter that is too long',
      { HyperParameters: { a: 'x'.repeat(2501) } },
      'ValidationException',
      'HyperParameters',
    ],
    [
      'a runtime beyond 28 days',
      { StoppingCondition: { MaxRuntimeInSeconds: 2_419_201 } },
      'ValidationException',
      'MaxRuntimeInSeconds',
    ],
    [
      'a wait without spot',
      { StoppingCondition: { MaxWaitTimeInSeconds: 60 } },
      'ValidationException',
      'spot',
    ],
    [
      'spot without a wait',
      { EnableManagedSpotTraining: true },
      'ValidationException',
      'MaxWaitTimeInSeconds',
    ],
    [
      'spot with a wait below the runtime',
      {
        EnableManagedSpotTraining: true,
        StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 59 },
      },
      'ValidationException',
      'must not be less',
    ],
    [
      'metrics of the built-in algorithm',
      {
        AlgorithmSpecification: {
          ...trainingJob('x').AlgorithmSpecification,
          MetricDefinitions: [{ Name: 'a', Regex: 'b' }],
        },
      },
      'ValidationException',
      'MetricDefinitions',
    ],
    [
      'a metric without a regular expression',
      {
        AlgorithmSpecification: {
          TrainingImage: 'user/metrics:1',
          TrainingInputMode: 'File',
          MetricDefinitions: [{ Name: 'a', Regex: '(' }],
        },
      },
      'ValidationException',
      'regular expression',
    ],
    [
      'an image that nothing runs for',
      trainingJob('x', { image: 'user/unknown:1' }),
      'ValidationException',
      'images: { "user/unknown:1"',
    ],
    [
      'a channel without objects',
      { InputDataConfig: [channel('train', 's3://bucket/nothing/')] },
      'ValidationException',
      'No S3 objects found under S3 URL "s3://bucket/nothing/"',
    ],
    [
      'a bucket that does not exist',
      { InputDataConfig: [channel('train', 's3://no-bucket/x')] },
      'ValidationException',
      'NoSuchBucket',
    ],
    [
      'two channels of a name',
      { InputDataConfig: [channel('train'), channel('train')] },
      'ValidationException',
      'more than one channel',
    ],
    [
      'Pipe mode',
      { AlgorithmSpecification: { ...trainingJob('x').AlgorithmSpecification, TrainingInputMode: 'Pipe' } },
      'NotImplemented',
      'Pipe mode',
    ],
    [
      'two instances',
      { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 10 } },
      'NotImplemented',
      'more than one instance',
    ],
    ['checkpoints', { CheckpointConfig: { S3Uri: 's3://bucket/c' } }, 'NotImplemented', 'CheckpointConfig'],
  ])('%s is refused', async (_, overrides, name, message) => {
    const request = { ...trainingJob('refused'), ...overrides };

    await expect(region.sagemaker.send(new CreateTrainingJobCommand(request))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  test('that do not exist are said not to', async () => {
    await expect(describeJob('nobody')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      region.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'nobody' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('after a restart of the region', () => {
  test('jobs that ran run again, and jobs that were over are as they were', async () => {
    const first = await TestRegion.start({ images });
    await first.put('train/data.csv', '1,2\n0,1\n');
    const send = (from: TestRegion, name: string) =>
      from.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    await first.sagemaker.send(
      new CreateTrainingJobCommand(trainingJob('over', { image: 'user/failing:1' })),
    );
    const over = await until(
      () => send(first, 'over'),
      ({ TrainingJobStatus }) => TrainingJobStatus === 'Failed',
    );
    await first.sagemaker.send(
      new CreateTrainingJobCommand(trainingJob('running', { image: 'user/sleeping:1' })),
    );
    await until(
      () => send(first, 'running'),
      ({ SecondaryStatus }) => SecondaryStatus === 'Training',
    );
    await first.stop();

    const quick = { ...images, 'user/sleeping:': images['user/metrics:'] };
    const second = await TestRegion.start({ images: quick }, first);

    const job = await until(
      () => send(second, 'running'),
      ({ TrainingJobStatus }) => TrainingJobStatus !== 'InProgress',
    );
    expect(job.TrainingJobStatus).toBe('Completed');
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toContain('Restarting');
    const { $metadata: _, ...again } = await send(second, 'over');
    expect(over).toMatchObject(again);
    await second.remove();
  });
});
