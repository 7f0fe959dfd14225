import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient, StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import type { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { runIdOf, runKeys } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Run, runSchema } from '../../functions/train/run.schema.ts';
import { scoresKey } from '../../functions/train/transform-job.ts';
import { StateError } from '../../packages/region/states/state-error.ts';
import type { Execution, Machine, Meddle } from '../support/machine.ts';
import { artifactsBucket, oddImage, startTrainRegion, type TrainRegion } from './train-region.ts';
import { flights, flightsWith, lateFlights, type Rows, TrainedModel } from './trained-model.ts';

let region: TrainRegion;
let machine: Machine;
let model: TrainedModel;

beforeAll(async () => {
  region = await startTrainRegion();
  machine = await region.machine('Train');
});
afterAll(() => region.stop());
beforeEach(async () => {
  model = await TrainedModel.onboard(region);
});

const january = flights(0, 3000);

/** Throws in the place of a task. */
const failing = (task: string, error: string, cause: unknown): Meddle => ({
  before(name) {
    if (name === task) throw new StateError(error, typeof cause === 'string' ? cause : JSON.stringify(cause));
  },
});

/** What Describe says of a training job that SageMaker has stopped. */
const stoppedJob = (SecondaryStatus: string) => ({
  TrainingJobName: 'job',
  TrainingJobStatus: 'Stopped',
  SecondaryStatus,
});

/** Somebody writes what a job has written, after the job and before the function looks. */
function overwriting(task: string, keyOf: (run: Pick<Run, 'model' | 'runId'>) => string): Meddle {
  return {
    async before(name, given) {
      if (name !== task) return;
      const { run } = z
        .object({ Payload: z.object({ run: runSchema.pick({ model: true, runId: true }) }) })
        .parse(given).Payload;
      const s3 = new S3Client(region.sdkConfig);
      await s3.send(
        new PutObjectCommand({ Bucket: artifactsBucket, Key: keyOf(run), Body: 'what a stranger wrote' }),
      );
    },
  };
}

interface Case {
  readonly title: string;
  readonly definition?: Partial<z.input<typeof definitionSchema>>;
  readonly rows?: Rows;
  /** Of another file, whose columns the dataset has. */
  readonly later?: Rows;
  readonly meddle?: Meddle;
  readonly error: string;
  readonly message: RegExp;
}

const cases: Case[] = [
  {
    title: 'a training job that fails',
    definition: { training: { image: oddImage('fails') } },
    error: 'JobFailed',
    message:
      /^Training model-\d+ with ds-\d+ failed: The training job tidemark-dev-\S+ failed with AlgorithmError\. What it said is kept with the run\. Its log is in CloudWatch/,
  },
  {
    title: 'a training job beyond its time limit',
    meddle: failing('createTrainingJob', 'States.TaskFailed', stoppedJob('MaxRuntimeExceeded')),
    error: 'TrainingTimeLimitExceeded',
    message: /Raise training\.timeLimitMinutes/,
  },
  {
    title: 'a training job without spot capacity',
    meddle: failing('createTrainingJob', 'States.TaskFailed', stoppedJob('MaxWaitTimeExceeded')),
    error: 'SpotCapacityUnavailable',
    message: /Write training\.spot: false/,
  },
  {
    title: 'a training job that never answers',
    meddle: failing('createTrainingJob', 'States.Timeout', ''),
    error: 'StepTimedOut',
    message: /TrainModel did not end in time/,
  },
  {
    title: 'a model that SageMaker refuses',
    meddle: failing('createModel', 'SageMaker.AmazonSageMakerException', 'Could not access the model data.'),
    error: 'SageMaker.AmazonSageMakerException',
    message:
      /CreateModel failed with SageMaker\.AmazonSageMakerException\. Could not access the model data\./,
  },
  {
    title: 'an artifact that another job overwrote before it was kept',
    meddle: overwriting('KeepModel', ({ model, runId }) => {
      const job = `tidemark-dev-${model}-${runId}`;
      return `${runKeys(model, runId).modelPrefix}${job}/output/model.tar.gz`;
    }),
    error: 'ObjectOverwrittenError',
    message: /model\.tar\.gz was overwritten, and cannot be relied on/,
  },
  {
    title: 'scores that another job overwrote before they were read',
    meddle: overwriting('Evaluate', ({ model, runId }) => scoresKey('challenger', model, runId)),
    error: 'ObjectOverwrittenError',
    message: /features\.csv\.out was overwritten/,
  },
  {
    title: 'an image that its repository does not have',
    definition: { training: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/odd:missing' } },
    error: 'UnresolvedImageError',
    message: /odd:missing cannot be found in its repository/,
  },
  {
    title: 'an image of a repository that is not allowed any more',
    definition: { training: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/other:1' } },
    error: 'ImageNotAllowedError',
    message: /allows custom images from these repositories: .*\/odd\./,
  },
  {
    title: 'a batch transform that fails',
    meddle: failing('createTransformJob', 'States.TaskFailed', {
      TransformJobName: 'job',
      TransformJobStatus: 'Failed',
      FailureReason: 'ClientError: 415',
    }),
    error: 'JobFailed',
    message: /The batch transform job failed with ClientError\. .*TransformJobs/,
  },
  {
    title: 'a container that answers too little',
    definition: { training: { image: oddImage('answers-too-little') } },
    error: 'UnusableScoresError',
    message: /answered \d+ lines? for \d+ hold-out rows/,
  },
  {
    title: 'a container that answers with no probability',
    definition: { training: { image: oddImage('answers-no-probability') } },
    error: 'UnusableScoresError',
    message: /answered -0\.5, which is not a probability/,
  },
  {
    title: 'a target of one class',
    definition: { target: 'kind' },
    rows: flightsWith(0, 500, "'always'", { name: 'kind', type: 'string' }),
    error: 'UnusableTargetError',
    message: /All training rows have the same kind, so/,
  },
  {
    title: 'columns that tell nothing',
    definition: { target: 'late', features: { include: ['flight'] }, segments: [] },
    rows: {
      sql: "SELECT 'F' || i AS flight, i % 2 = 0 AS late FROM range(500) t(i)",
      columns: [
        { name: 'flight', type: 'string' },
        { name: 'late', type: 'boolean' },
      ],
    },
    error: 'NoUsableFeatureError',
    message: /no column left to learn from\. `flight` is left out: most of its values differ/,
  },
  {
    title: 'a number that only earlier versions took',
    rows: january,
    later: {
      ...january,
      sql: "SELECT * REPLACE (CASE WHEN row_number() OVER () IN (7, 9) THEN 1e39 ELSE distance END AS distance) FROM (SELECT * FROM 'node_modules/vega-datasets/data/flights-3m.parquet' OFFSET 5000 LIMIT 500)",
      columns: january.columns.map((column) =>
        column.name === 'distance' ? { name: 'distance', type: 'number' } : column,
      ),
    },
    error: 'UnholdableValueError',
    message:
      /`distance` is infinite or out of range in 2 rows, first in row 7 of `datasets\/model-\d+\/parts\/ds-\d+-1\.parquet`\..* Put the file again at the same key.* list `distance` under `features\.exclude`/,
  },
  {
    title: 'a time that only earlier versions took, where a window of days counts back from the newest',
    definition: { time: 'date', retraining: { data: 'window', windowDays: 30 } },
    rows: {
      ...january,
      sql: `SELECT * REPLACE (CASE WHEN row_number() OVER () = 12 THEN TIMESTAMP 'infinity' ELSE date END AS date) FROM (${january.sql})`,
    },
    error: 'UnholdableValueError',
    message: /`date` is infinite or out of range in 1 row, first in row 12 of /,
  },
  {
    title: 'a hold-out of a handful of rows',
    rows: flights(0, 80),
    error: 'UnusableSplitError',
    message: /rows to train on, \d+ to watch training and \d+ to judge on/,
  },
  {
    title: 'a function that crashes',
    meddle: failing('Evaluate', 'Runtime.ExitError', {
      errorType: 'Runtime.ExitError',
      errorMessage: 'signal: killed',
    }),
    error: 'FunctionCrashed',
    message: /Evaluate crashed, most likely for lack of memory/,
  },
];

describe('the registry tells the truth, the model is free and nothing is registered after', () => {
  it.each(cases)('$title', async ({ definition, rows = january, later, meddle, error, message }) => {
    model = await TrainedModel.onboard(region, { ...lateFlights, ...definition });
    const { event } = await model.commit(
      ...(later === undefined ? [rows] : [{ ...rows, columns: later.columns }, later]),
    );
    const execution = machine.execution(event, meddle);

    const end = await execution.run();

    expect(end).toMatchObject({ status: 'FAILED', errorName: error, cause: expect.stringMatching(message) });
    await expectFailedRun(execution, error);
    expect(Object((await model.events()).at(-1)?.detail).message).toBe(Object(end).cause);
  });

  it('a training job that somebody stops', async () => {
    const { event } = await model.commit(january);
    const image = oddImage('hangs');
    await model.redefine({ ...model.definition, training: { ...model.definition.training, image } });
    const sagemaker = new SageMakerClient(region.sdkConfig);
    const execution: Execution = machine.execution(event, {
      async after(task) {
        if (task !== 'createTrainingJob') return;
        const TrainingJobName = `tidemark-dev-${model.name}-${runIdOf(execution.arn)}`;
        await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName }));
      },
    });

    expect(await execution.run()).toMatchObject({
      errorName: 'JobStopped',
      cause: expect.stringMatching(/was stopped by somebody/),
    });
    await expectFailedRun(execution, 'JobStopped');
  });

  it('an execution that somebody stops: another one of the machine records it', async () => {
    const { event } = await model.commit(january);
    const stopping = new AbortController();
    const execution = machine.execution(event, {
      before(task) {
        if (task === 'createModel') stopping.abort(new Error('stopped'));
      },
    });
    await execution.run(stopping.signal).catch(() => undefined);
    expect((await model.record()).lease?.purpose).toBe('train');

    const recording = await machine.run(ended(execution, 'ABORTED'));

    expect(recording).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'recorded' } });
    await expectFailedRun(execution, 'Execution.ABORTED');
  });

  it('an execution that is gone, and of whose end no event told: the next one records it, and trains', async () => {
    const { event } = await model.commit(january);
    const stopping = new AbortController();
    const gone = machine.execution(event, {
      before(task) {
        if (task === 'createModel') stopping.abort(new Error('stopped'));
      },
    });
    await gone.run(stopping.signal).catch(() => undefined);

    const end = await machine.run({ model: model.name });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    const runs = await model.runs();
    expect(runs.find(({ executionArn }) => executionArn === gone.arn)).toMatchObject({
      status: 'failed',
      failure: { error: 'Execution.DELETED' },
    });
    expect(await model.announced()).toEqual([
      'training.started',
      'training.failed',
      'training.started',
      'version.registered',
      'version.gated',
      'version.approved',
    ]);
  });
});

describe('a failure that is over already', () => {
  it('is recorded once; reporting it again repeats the same event, which a consumer knows by its id', async () => {
    const { event } = await model.commit(january);
    const execution = machine.execution(event, failing('createModel', 'States.Timeout', ''));
    await execution.run();

    await machine.run(ended(execution, 'TIMED_OUT'));

    expect(await model.runs()).toMatchObject([{ status: 'failed', failure: { error: 'StepTimedOut' } }]);
    const failures = (await model.events()).filter((each) => each['detail-type'] === 'training.failed');
    expect(failures).toHaveLength(2);
    expect(failures[0]?.detail).toEqual(failures[1]?.detail);
  });

  it('does not undo a version that is registered', async () => {
    const { event } = await model.commit(january);
    const execution = machine.execution(event);
    await execution.run();

    await machine.run(ended(execution, 'ABORTED'));

    expect(await model.runs()).toMatchObject([{ status: 'registered' }]);
    expect(await model.announced()).not.toContain('training.failed');
  });

  it('leaves the live version serving, and says so', async () => {
    await machine.run((await model.commit(january)).event);
    await model.goLive(1);
    const { event } = await model.commit(flights(0, 4000));

    const end = await machine.run(event, failing('createModel', 'States.Timeout', ''));

    expect(end).toMatchObject({
      cause: expect.stringMatching(/Version 1 still serves\. To try again, start train/),
    });
    expect(await model.record()).toMatchObject({ liveVersion: 1, lease: null });
  });
});

describe('a run that has lost its model', () => {
  it('registers nothing, and leaves the lease to whoever has it', async () => {
    const { event } = await model.commit(january);
    const execution = machine.execution(event, {
      async before(task) {
        if (task === 'Register') await model.seize('deployment-1');
      },
    });

    expect(await execution.run()).toMatchObject({
      errorName: 'LeaseLostError',
      cause: expect.stringMatching(/The deployment deployment-1 holds/),
    });
    expect(await model.versions()).toEqual([]);
    expect((await model.record()).lease?.owner).toBe('deployment-1');
    expect(await model.runs()).toMatchObject([{ status: 'failed' }]);
  });

  it('registers nothing if another version has gone live', async () => {
    await machine.run((await model.commit(january)).event);
    await model.goLive(1);
    const { event } = await model.commit(flights(0, 4000));
    const execution = machine.execution(event, {
      async before(task) {
        if (task === 'Register') await model.movePointer(null);
      },
    });

    expect(await execution.run()).toMatchObject({
      errorName: 'ChampionChangedError',
      cause: expect.stringMatching(/compared with version 1, but meanwhile no live version is live/),
    });
    expect(await model.versions()).toHaveLength(1);
  });
});

describe('a task that is repeated', () => {
  it('because its answer was lost leads to the same version and the same events', async () => {
    const { event } = await model.commit(january);
    const lost = new Set(['StartRun', 'Prepare', 'Evaluate', 'Register']);
    const end = await machine.run(event, {
      after(task) {
        if (lost.delete(task))
          throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
      },
    });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'registered' } });
    expect([...lost]).toEqual([]);
    expect(await model.versions()).toHaveLength(1);
    expect(await model.announced()).toEqual([
      'training.started',
      'version.registered',
      'version.gated',
      'version.approved',
    ]);
  });

  it('RecordFailure, whose answer was lost, announces the failure once', async () => {
    const { event } = await model.commit(january);
    let calls = 0;
    const execution = machine.execution(event, {
      ...failing('createModel', 'States.Timeout', ''),
      after(task) {
        if (task !== 'RecordFailure') return;
        calls += 1;
        if (calls === 1) throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
      },
    });

    await execution.run();

    expect(calls).toBe(2);
    await expectFailedRun(execution, 'StepTimedOut');
  });
});

async function expectFailedRun(execution: Execution, error: string): Promise<void> {
  expect(await model.runs()).toMatchObject([
    { runId: runIdOf(execution.arn), status: 'failed', version: null, failure: { error } },
  ]);
  expect(await model.record()).toMatchObject({ nextVersion: 1, lease: null });
  expect(await model.versions()).toEqual([]);
  expect(await model.announced()).toEqual(['training.started', 'training.failed']);
}

/** What EventBridge says of an execution that has ended. */
function ended({ arn, input }: Execution, status: string): object {
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      status,
      input: JSON.stringify(input),
      cause: null,
    },
  };
}
