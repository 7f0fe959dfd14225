import { readFileSync } from 'node:fs';
import { seededUniform } from '@tidemark/statistics/metrics/random.ts';
import { describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import { MachineRun } from '../../packages/region/test/states/machine-run.ts';
import { VirtualClock } from '../../packages/region/test/virtual-clock.ts';

const definition: unknown = JSON.parse(
  readFileSync('state-machines/train.asl.json', 'utf8').replaceAll(/\$\{(\w+)\}/g, '$1'),
);
const arn = 'arn:aws:states:eu-west-1:111122223333:execution:machine:case';
const recorded = { error: 'QuotaExceeded', message: 'Ask for more.', events: [] };

describe('the train state machine', () => {
  it('waits for a busy model as long as it is told, counting', async () => {
    const clock = new VirtualClock();
    const machine = new MachineRun({
      definition,
      clock,
      input: { model: 'flight-delay' },
      functions: {
        StartRunArn: [
          { result: { outcome: 'busy', message: 'Held.', waitSeconds: 10 } },
          { result: { outcome: 'busy', message: 'Held.', waitSeconds: 20 } },
          { result: { outcome: 'unneeded', message: 'Done before.' } },
        ],
      },
    });

    const end = await machine.end();

    expect(end).toEqual({ status: 'SUCCEEDED', output: { outcome: 'unneeded', message: 'Done before.' } });
    expect(clock.jumpsSeconds).toEqual([10, 20]);
    expect(machine.calls.map(({ payload }) => payload)).toEqual(
      [0, 1, 2].map((waits) => ({
        executionArn: arn,
        invokedBy: arn,
        request: { model: 'flight-delay' },
        waits,
      })),
    );
  });

  it('ends as refused when a person asked for what cannot be done, which alarms nobody', async () => {
    const refused = { outcome: 'refused', message: 'There is no model called x.' };
    const machine = new MachineRun({ definition, functions: { StartRunArn: [{ result: refused }] } });

    expect(await machine.end()).toEqual({ status: 'SUCCEEDED', output: refused });
  });

  it('fails as NotTrainable when the model was busy for too long', async () => {
    const gaveUp = { outcome: 'gave-up', message: 'Somebody has it.' };
    const machine = new MachineRun({ definition, functions: { StartRunArn: [{ result: gaveUp }] } });

    expect(await machine.end()).toEqual({
      status: 'FAILED',
      errorName: 'NotTrainable',
      cause: 'Somebody has it.',
    });
  });

  it('repeats a failed start, then records the failure under the name of the state', async () => {
    const machine = new MachineRun({
      definition,
      input: { model: 'flight-delay' },
      functions: {
        StartRunArn: Array.from({ length: 6 }, () => ({ error: 'TimeoutError', cause: 'DynamoDB is slow.' })),
        RecordFailureArn: [{ result: recorded }],
      },
    });

    expect(await machine.end()).toEqual({
      status: 'FAILED',
      errorName: 'QuotaExceeded',
      cause: 'Ask for more.',
    });
    expect(machine.calls.at(-1)?.payload).toEqual({
      executionArn: arn,
      invokedBy: arn,
      request: { model: 'flight-delay' },
      failure: { Error: 'TimeoutError', Cause: 'DynamoDB is slow.' },
      step: 'StartRun',
    });
  });

  it('records the end of another execution and does not fail itself', async () => {
    const machine = new MachineRun({
      definition,
      input: {
        'detail-type': 'Step Functions Execution Status Change',
        detail: {
          executionArn: 'arn:other',
          status: 'TIMED_OUT',
          input: '{"model":"flight-delay"}',
          cause: null,
        },
      },
      functions: { RecordFailureArn: [{ result: recorded }] },
    });

    expect(await machine.end()).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'recorded' } });
    expect(machine.calls[0]?.payload).toEqual({
      executionArn: 'arn:other',
      invokedBy: arn,
      request: { model: 'flight-delay' },
      failure: { Error: 'Execution.TIMED_OUT', Cause: '' },
      step: 'The execution',
    });
  });
});

describe('a job', () => {
  const run = {
    model: 'm',
    runId: 'r',
    datasetId: 'd',
    definitionHash: 'h',
    causeId: 'c',
    leaseOwner: 'run-r',
  };
  const prepared = {
    preparation: { bucket: 'a', key: 'k', versionId: 'v' },
    imageDigest: 'sha256:1',
    trainingJob: { TrainingJobName: 'job' },
    trainingTimeoutSeconds: 100,
    models: {
      scored: { ModelName: 'model-t', PrimaryContainer: { Image: 'i' } },
      served: { ModelName: 'model', PrimaryContainer: { Image: 'i' } },
    },
    transforms: { challenger: { TransformJobName: 'a' }, champion: null },
    transformTimeoutSeconds: 100,
  };

  const usedUp =
    "The account-level service limit 'ml.m5.large for training job usage' is 2 Instances, with current utilization of 2 Instances";
  const none =
    "The account-level service limit 'ml.m5.large for training job usage' is 0 Instances, with current utilization of 0 Instances";

  /** Answers functions; jobs meet the error: each, or those of one kind, and so many of them. */
  async function withJobError(
    error: string,
    cause = 'why',
    {
      kind = 'create',
      times = Number.POSITIVE_INFINITY,
      name,
    }: { kind?: string; times?: number; name?: string } = {},
  ) {
    const clock = new VirtualClock();
    const started: string[] = [];
    const done: string[] = [];
    let met = 0;
    const machine = new MachineRun({
      definition,
      clock,
      integration: {
        async call({ resource, arguments: given }) {
          const { FunctionName, Payload } = Object(given);
          if (FunctionName === 'StartRunArn') {
            return { Payload: { outcome: 'started', message: '', run, events: [] } };
          }
          if (FunctionName === 'PrepareArn') return { Payload: prepared };
          if (FunctionName === 'KeepModelArn') return { Payload: { artifact: {}, models: prepared.models } };
          if (FunctionName === 'RecordFailureArn') {
            return { Payload: { error: Payload.failure.Error, message: Payload.step, events: [] } };
          }
          if (FunctionName !== undefined)
            return { Payload: { evaluation: {}, smoke: {}, baseline: null, message: '', events: [] } };
          if (resource.service === 'events') return { FailedEntryCount: 0 };
          const isOther = name !== undefined && Object(given).ModelName !== name;
          if (!resource.action.startsWith(kind) || isOther || met >= times) {
            done.push(resource.action);
            return completed;
          }
          met += 1;
          started.push(resource.action);
          throw new StateError(error, cause);
        },
        look: async () => ({ status: 'succeeded', result: completed }),
      },
    });
    const end = await machine.end();
    // But for the half seconds after which a job is looked at.
    const waits = clock.jumpsSeconds.filter((seconds) => seconds >= 1);
    return { end, attempts: started.length, done, waits, clock };
  }
  const completed = {
    TrainingJobName: 'job',
    TrainingJobArn: 'arn:job',
    TrainingJobStatus: 'Completed',
    ModelArtifacts: { S3ModelArtifacts: 's3://model.tar.gz' },
    BillableTimeInSeconds: 60,
  };
  const quota = 'SageMaker.ResourceLimitExceededException';

  it.each([
    ['training', 'createTrainingJob', 'TrainModel'],
    ['transform', 'createTransformJob', 'ScoreHoldout'],
  ])('of %s that meets a used-up quota waits for its turn for hours, at random', async (_, kind, step) => {
    const { end, attempts, waits } = await withJobError(quota, usedUp, { kind });

    expect(end).toEqual({ status: 'FAILED', errorName: quota, cause: step });
    expect(attempts).toBe(73);
    expect(waits).toHaveLength(72);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(240);
    expect(Math.max(...waits)).toBeLessThanOrEqual(360);
    expect(new Set(waits).size).toBeGreaterThan(10);
  });

  it.each([
    ['training', 'createTrainingJob'],
    ['transform', 'createTransformJob'],
  ])('of %s goes on when its turn has come', async (_, kind) => {
    const { end } = await withJobError(quota, usedUp, { kind, times: 20 });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
  });

  it.each([
    ['training', 'createTrainingJob'],
    ['transform', 'createTransformJob'],
  ])('of %s that meets a quota of zero says so at once: no turn will come', async (_, kind) => {
    const { end, attempts, waits } = await withJobError(quota, none, { kind });

    expect(end).toMatchObject({ status: 'FAILED', errorName: quota });
    expect(attempts).toBe(1);
    expect(waits).toEqual([]);
  });

  const throttling = 'SageMaker.AmazonSageMakerException';
  /** As the documentation of Step Functions' own integration has it, and as its SDK integration calls it. */
  const spellings = [throttling, 'SageMaker.SageMakerException'];

  const creations = [
    ['training', 'createTrainingJob'],
    ['model', 'createModel'],
    ['transform', 'createTransformJob'],
  ].flatMap(([what = '', kind = '']) => spellings.map((error) => ({ what, kind, error })));

  it.each(creations)(
    'of a $what that is throttled with $error asks again until its turn comes, within an hour',
    async ({ kind, error }) => {
      const { end, waits } = await withJobError(error, 'Rate exceeded (Service: AmazonSageMaker)', {
        kind,
        times: 60,
      });

      expect(end).toMatchObject({ status: 'SUCCEEDED' });
      expect(Math.max(...waits)).toBeLessThanOrEqual(60);
    },
  );

  it.each(creations)(
    'of a $what that is an invalid request with $error is made three times',
    async ({ kind, error }) => {
      const { end, attempts } = await withJobError(error, 'The instance type is unknown', { kind });

      expect(end).toMatchObject({ status: 'FAILED', errorName: error });
      expect(attempts).toBe(3);
    },
  );

  it.each(['SageMaker.SdkClientException', 'States.Timeout'])(
    'of a model that SageMaker does not answer, %s, is made again',
    async (error) => {
      const cause = 'Unable to execute HTTP request';

      const { end } = await withJobError(error, cause, { kind: 'createModel', times: 1 });

      expect(end).toMatchObject({ status: 'SUCCEEDED' });
    },
  );

  it.each(['model-t', 'model'])(
    'that is the model %s, which an earlier attempt has made, goes on',
    async (name) => {
      const cause = 'Cannot create already existing model "arn:aws:sagemaker:eu-west-1:1:model/model"';

      const { end, done } = await withJobError(throttling, cause, { kind: 'createModel', name });

      expect(end).toMatchObject({ status: 'SUCCEEDED' });
      expect(done).toEqual(['createTrainingJob', 'createModel', 'createTransformJob']);
    },
  );

  it.each(['model-t', 'model'])(
    'that is a throttled model called %s is the only thing repeated',
    async (name) => {
      const options = { kind: 'createModel', times: 10, name };
      const { end, done } = await withJobError(throttling, 'Rate exceeded', options);

      expect(end).toMatchObject({ status: 'SUCCEEDED' });
      expect(done).toEqual(['createTrainingJob', 'createModel', 'createModel', 'createTransformJob']);
    },
  );

  it('of each of a thousand models gets its turn at one request a second', () => {
    const random = seededUniform(2);
    const waiting = Array.from({ length: 1_000 }, () => ({ at: random(), waits: 0 }));
    let [next, mostWaits] = [0, 0];
    while (waiting.length > 0) {
      waiting.sort((one, other) => one.at - other.at);
      const model = waiting.shift();
      if (!model) break;
      if (model.at >= next) next = model.at + 1;
      else waiting.push({ at: model.at + 5 + 55 * random(), waits: model.waits + 1 });
      mostWaits = Math.max(mostWaits, model.waits);
    }

    expect(mostWaits).toBeLessThanOrEqual(72);
  });

  it('of each of fifty models gets its turn on one instance, at six minutes each', () => {
    const random = seededUniform(1);
    const waiting = Array.from({ length: 50 }, () => ({ at: random() * 60, waits: 0 }));
    let free = 0;
    let mostWaits = 0;
    while (waiting.length > 0) {
      waiting.sort((one, other) => one.at - other.at);
      const model = waiting.shift();
      if (!model) break;
      if (model.at >= free) free = model.at + 6 * 60;
      else waiting.push({ at: model.at + 240 + 120 * random(), waits: model.waits + 1 });
      mostWaits = Math.max(mostWaits, model.waits);
    }

    expect(mostWaits).toBeLessThanOrEqual(72);
  });

  it('that was stopped makes no version, even if Step Functions counts its task as done', async () => {
    const stopped = {
      TrainingJobName: 'job',
      TrainingJobArn: 'arn:job',
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'MaxRuntimeExceeded',
    };
    const failures: unknown[] = [];
    const machine = new MachineRun({
      definition,
      integration: {
        async call({ resource, arguments: given }) {
          const { FunctionName, Payload } = Object(given);
          if (FunctionName === 'StartRunArn') {
            return { Payload: { outcome: 'started', message: '', run, events: [] } };
          }
          if (FunctionName === 'PrepareArn') return { Payload: prepared };
          if (FunctionName === 'KeepModelArn') return { Payload: { artifact: {}, models: prepared.models } };
          if (FunctionName === 'RecordFailureArn') {
            failures.push(Payload);
            return { Payload: { error: 'TrainingTimeLimitExceeded', message: 'Raise it.', events: [] } };
          }
          if (resource.service === 'events') return { FailedEntryCount: 0 };
          if (resource.action === 'createTrainingJob') return { TrainingJobArn: 'arn:job' };
          throw new Error(`The machine went on to ${resource.action}.`);
        },
        look: async () => ({ status: 'succeeded', result: stopped }),
      },
    });

    expect(await machine.end()).toMatchObject({ status: 'FAILED', errorName: 'TrainingTimeLimitExceeded' });
    const { TrainingJobArn: _, ...cause } = stopped;
    expect(failures).toEqual([
      expect.objectContaining({
        step: 'TrainModel',
        failure: { Error: 'States.TaskFailed', Cause: JSON.stringify(cause) },
      }),
    ]);
  });

  it('that has failed is not tried again: its name is taken, and that would hide why', async () => {
    expect(await withJobError('States.TaskFailed')).toMatchObject({ attempts: 1 });
    expect(await withJobError('States.Timeout')).toMatchObject({ attempts: 1 });
  });
});
