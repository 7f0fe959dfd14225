import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualTime } from '../../manual-time.ts';
import { machineRole, type StatesRegion, startStates } from './states-region.ts';

let region: StatesRegion;
beforeAll(async () => {
  region = await startStates();
  await region.createFunction(
    'worker',
    `class LeaseTaken extends Error { name = 'LeaseTaken' }
     export const handler = async (event) => {
       if (event.fail) throw new LeaseTaken('by another run');
       return { got: event };
     };`,
  );
});
afterAll(() => region.stop());

/** Runs a machine of one task and gives how it ended, its output parsed. */
async function runTask(task: object, input: unknown = {}, at: StatesRegion = region) {
  const arn = at.createMachine(`task-${Math.random().toString(36).slice(2)}`, {
    StartAt: 'Task',
    States: { Task: { Type: 'Task', ...task, End: true } },
  });
  const { output, ...end } = await at.run(arn, input);
  return { ...end, output: output === undefined ? undefined : JSON.parse(output) };
}

describe('lambda:invoke', () => {
  const Resource = 'arn:aws:states:::lambda:invoke';
  const invoke = (Payload: unknown) => ({ Resource, Arguments: { FunctionName: 'worker', Payload } });

  it('gives the function its payload and the state what the function returns', async () => {
    const { output } = await runTask(invoke('{% $states.input %}'), { x: [1, 2] });

    expect(output).toMatchObject({
      ExecutedVersion: '$LATEST',
      StatusCode: 200,
      Payload: { got: { x: [1, 2] } },
    });
  });

  // Recorded on AWS by LocalStack (8b9a79f): test_lambda_task_service.py::test_invoke_json_values.
  it.each([
    { text: '0', got: 0 },
    { text: '"HelloWorld"', got: 'HelloWorld' },
    { text: '{"a":[1]}', got: { a: [1] } },
  ])('sends the text $text as the body that it is', async ({ text, got }) => {
    expect((await runTask(invoke(text))).output).toMatchObject({ Payload: { got } });
  });

  it('fails on a text that is not JSON, as Lambda refuses it', async () => {
    expect(await runTask(invoke('not JSON'))).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.InvalidRequestContentException',
    });
  });

  it('does not count the time in which it waits for another invocation to end', async () => {
    const clock = new ManualTime('2026-01-01T00:00:00Z');
    const timed = await startStates({ clock });
    // Each runs until its file is there.
    await timed.createFunction(
      'worker',
      `import { existsSync } from 'node:fs';
       export const handler = async ({ file }) => {
         console.log('runs ' + file);
         while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
       };`,
    );
    const directory = mkdtempSync(join(tmpdir(), 'gates-'));
    const files = Array.from({ length: 10 }, (_, index) => join(directory, String(index)));

    const ends = files.map((file) => runTask({ ...invoke({ file }), TimeoutSeconds: 3 }, {}, timed));
    const running = () => files.filter((file) => timed.logLines.includes(`runs ${file}`));
    // Two at a time, each for 2 s: the last ones wait for 8 s.
    for (let begun = 2; begun <= files.length; begun += 2) {
      await expect.poll(running).toHaveLength(begun);
      clock.advance(2);
      for (const file of running()) writeFileSync(file, '');
    }

    expect((await Promise.all(ends)).map(({ status, cause }) => cause ?? status)).toEqual(
      files.map(() => 'SUCCEEDED'),
    );
    await timed.stop();
    rmSync(directory, { recursive: true });
  });

  it('takes a whole ARN for a name', async () => {
    const FunctionName = 'arn:aws:lambda:eu-west-1:111122223333:function:worker';

    const { output } = await runTask({ Resource, Arguments: { FunctionName, Payload: 1 } });

    expect(output.Payload).toEqual({ got: 1 });
  });

  it('fails with the name of the error that the function threw', async () => {
    const end = await runTask(invoke({ fail: true }));

    expect(end).toMatchObject({ status: 'FAILED', error: 'LeaseTaken' });
    expect(JSON.parse(end.cause ?? '')).toMatchObject({
      errorType: 'LeaseTaken',
      errorMessage: 'by another run',
    });
  });

  it("fails with Sandbox.Timedout when the function's time is over", async () => {
    const clock = new ManualTime('2026-01-01T00:00:00Z');
    const timed = await startStates({ clock });
    await timed.createFunction(
      'worker',
      'export const handler = async () => { console.log("hangs"); await new Promise(() => {}); };',
    );

    const end = runTask(invoke({}), {}, timed);
    await expect.poll(() => timed.logLines).toContain('hangs');
    clock.advance(10);

    expect(await end).toMatchObject({ status: 'FAILED', error: 'Sandbox.Timedout' });
    await timed.stop();
  });

  it("fails with the service's own error when there is no such function", async () => {
    const end = await runTask({ Resource, Arguments: { FunctionName: 'nobody' } });

    expect(end.error).toBe('Lambda.ResourceNotFoundException');
    expect(end.cause).toMatch(
      /^Function not found: arn:\S+:function:nobody:\$LATEST \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: \S+; Proxy: null\)$/,
    );
  });

  it('refuses a parameter that the integration does not know', async () => {
    expect(await runTask({ Resource, Arguments: { FunctionName: 'worker', TaskToken: 1 } })).toMatchObject({
      error: 'States.Runtime',
      cause: 'The field "TaskToken" is not supported by Step Functions',
    });
  });
});

describe('events:putEvents', () => {
  const Resource = 'arn:aws:states:::events:putEvents';

  it('writes an object as text and adds the machine and the execution to the resources', async () => {
    const entry = {
      Source: 'example',
      DetailType: 'model.onboarded',
      EventBusName: 'bus',
      Resources: ['r'],
    };

    const { output, executionArn, stateMachineArn } = await runTask({
      Resource,
      Arguments: { Entries: [{ ...entry, Detail: { model: 'm' } }] },
    });

    expect(output).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'id' }] });
    expect(region.putEntries.at(-1)).toEqual({
      ...entry,
      Detail: '{"model":"m"}',
      Resources: ['r', stateMachineArn, executionArn],
    });
  });

  it('fails when one entry is refused', async () => {
    const Entries = ['example', 'refused'].map((Source) => ({ Source, DetailType: 't', Detail: {} }));

    const end = await runTask({ Resource, Arguments: { Entries } });

    expect(end.error).toBe('EventBridge.FailedEntry');
    expect(JSON.parse(end.cause ?? '')).toMatchObject({ FailedEntryCount: 1 });
  });
});

describe('sagemaker:createTrainingJob.sync', () => {
  const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
  const train = (TrainingJobName: string, more: object = {}) => ({
    Resource,
    Arguments: { TrainingJobName, ResourceConfig: { InstanceCount: 1 }, ...more },
  });

  it('succeeds with the description of the job, which carries the mark of Step Functions', async () => {
    const { output } = await runTask(train('good', { Tags: [{ Key: 'a', Value: 'b' }] }));

    expect(output).toMatchObject({
      TrainingJobStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://artifacts/good/output/model.tar.gz' },
      CreationTime: expect.any(Number),
    });
    expect(region.sagemaker.jobs.get('good')?.request).toEqual({
      TrainingJobName: 'good',
      ResourceConfig: { InstanceCount: 1 },
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'MANAGED_BY_AWS', Value: 'STARTED_BY_STEP_FUNCTIONS' },
      ],
    });
    expect(region.sagemaker.callers.at(-1)).toBe(machineRole);
  });

  it('fails with States.TaskFailed and the description of a job that failed', async () => {
    region.sagemaker.outcome = { looks: 1, status: 'Failed' };

    const end = await runTask(train('unlucky'));
    region.sagemaker.outcome = { looks: 2, status: 'Completed' };

    expect(end.error).toBe('States.TaskFailed');
    expect(JSON.parse(end.cause ?? '')).toMatchObject({ FailureReason: 'AlgorithmError: out of luck' });
  });

  it('stops the job when its time is over', async () => {
    region.sagemaker.outcome = { looks: 1_000_000, status: 'Completed' };

    const end = await runTask({ ...train('endless'), TimeoutSeconds: 1 });
    region.sagemaker.outcome = { looks: 2, status: 'Completed' };

    expect(end.error).toBe('States.Timeout');
    expect(region.sagemaker.jobs.get('endless')?.status).toBe('Stopped');
  });

  it.each([
    { why: 'validation', name: 'bad', error: 'SageMaker.AmazonSageMakerException' },
    { why: 'a name in use', name: 'good', error: 'SageMaker.ResourceInUseException' },
  ])('names errors as the optimised integration does: $why', async ({ name, error }) => {
    expect((await runTask(train(name))).error).toBe(error);
  });

  it('refuses a parameter that only the SDK integration takes', async () => {
    expect((await runTask(train('x', { RetryStrategy: { MaximumRetryAttempts: 1 } }))).cause).toBe(
      'The field "RetryStrategy" is not supported by Step Functions',
    );
  });
});

describe('aws-sdk', () => {
  const Resource = 'arn:aws:states:::aws-sdk:sagemaker:describeTrainingJob';

  it('answers in Pascal case, with times as ISO strings', async () => {
    await runTask({
      Resource: 'arn:aws:states:::aws-sdk:sagemaker:createTrainingJob',
      Arguments: { TrainingJobName: 'plain' },
    });

    const { output } = await runTask({ Resource, Arguments: { TrainingJobName: 'plain' } });

    expect(output).toMatchObject({
      TrainingJobName: 'plain',
      CreationTime: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
    });
  });

  it("turns services' camel case into Pascal case and back", async () => {
    const { output, stateMachineArn } = await runTask({
      Resource: 'arn:aws:states:::aws-sdk:sfn:describeStateMachine',
      Arguments: { StateMachineArn: '{% $states.context.StateMachine.Id %}' },
    });

    expect(output).toMatchObject({ StateMachineArn: stateMachineArn, Status: 'ACTIVE', Type: 'STANDARD' });
  });

  it.each([
    {
      why: 'errors that the model does not name',
      Arguments: { TrainingJobName: 'nobody' },
      error: 'SageMaker.SageMakerException',
      cause:
        /^Requested resource not found\. \(Service: SageMaker, Status Code: 400, Request ID: \S+\) \(SDK Attempt Count: 1\)$/,
    },
    {
      why: 'parameters that do not exist',
      Arguments: { JobName: 'x' },
      error: 'States.Runtime',
      cause: /^The field "JobName" is not supported by Step Functions$/,
    },
  ])('names $why', async ({ Arguments, error, cause }) => {
    const end = await runTask({ Resource, Arguments });

    expect(end.error).toBe(error);
    expect(end.cause).toMatch(cause);
  });

  it('names errors of the model with Exception at the end', async () => {
    const end = await runTask({
      Resource: 'arn:aws:states:::aws-sdk:sagemaker:createTrainingJob',
      Arguments: { TrainingJobName: 'plain' },
    });

    expect(end.error).toBe('SageMaker.ResourceInUseException');
  });

  it('says so when a service is not there', async () => {
    expect(
      await runTask({
        Resource: 'arn:aws:states:::aws-sdk:ecr:describeImages',
        Arguments: { RepositoryName: 'r' },
      }),
    ).toMatchObject({ error: 'Ecr.EcrException', cause: expect.stringContaining("no service 'ecr'") });
  });
});

describe('states:startExecution', () => {
  it('.sync:2 succeeds with the nested output as JSON', async () => {
    const nested = region.createMachine('nested', {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Output: { doubled: '{% $states.input.n * 2 %}' }, End: true } },
    });

    const { output } = await runTask({
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: nested, Input: { n: 21 } },
    });

    expect(output).toMatchObject({ Status: 'SUCCEEDED', Input: { n: 21 }, Output: { doubled: 42 } });
  });

  it('.sync gives the output as text, and fails as the nested execution does', async () => {
    const nested = region.createMachine('nested-failure', {
      StartAt: 'A',
      States: { A: { Type: 'Fail', Error: 'Bad', Cause: 'inside' } },
    });

    const end = await runTask({
      Resource: 'arn:aws:states:::states:startExecution.sync',
      Arguments: { StateMachineArn: nested },
    });

    expect(end.error).toBe('States.TaskFailed');
    expect(JSON.parse(end.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Bad', Cause: 'inside' });
  });

  it("names the service's errors", async () => {
    const end = await runTask({
      Resource: 'arn:aws:states:::states:startExecution',
      Arguments: { StateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:nobody' },
    });

    expect(end.error).toBe('StepFunctions.StateMachineDoesNotExistException');
  });
});
