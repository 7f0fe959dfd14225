import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunExecutions } from '../../functions/train/run-executions.client.ts';
import { type StatesRegion, startStates } from '../../packages/region/test/services/states/states-region.ts';

let region: StatesRegion;
let executions: RunExecutions;
beforeAll(async () => {
  region = await startStates();
  executions = new RunExecutions(region.sfn);
});
afterAll(() => region.stop());

const machineOf = (state: object) => ({ StartAt: 'Only', States: { Only: state } });

describe('the end of an execution of train', () => {
  it.each([
    { what: 'failed', state: { Type: 'Fail', Error: 'Some' }, end: 'Execution.UNRECORDED' },
    { what: 'succeeded', state: { Type: 'Succeed' }, end: 'Execution.UNRECORDED' },
  ])('is told when it has $what', async ({ what, state, end }) => {
    const { executionArn = '' } = await region.run(region.createMachine(what, machineOf(state)), {});

    expect(await executions.endOf(executionArn)).toBe(end);
  });

  it('is told when it ran out of time', async () => {
    const machine = { ...machineOf({ Type: 'Wait', Seconds: 60, Next: 'End' }), TimeoutSeconds: 1 };
    const states = { ...machine.States, End: { Type: 'Succeed' } };
    const { executionArn = '' } = await region.run(
      region.createMachine('slow', { ...machine, States: states }),
      {},
    );

    expect(await executions.endOf(executionArn)).toBe('Execution.TIMED_OUT');
  });

  it('is not there while it runs, and is told when somebody stops it', async () => {
    const stateMachineArn = region.createMachine(
      'long',
      machineOf({ Type: 'Wait', Seconds: 3600, End: true }),
    );
    const { executionArn = '' } = await region.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    expect(await executions.endOf(executionArn)).toBeUndefined();

    await region.sfn.send(new StopExecutionCommand({ executionArn }));
    expect(await executions.endOf(executionArn)).toBe('Execution.ABORTED');
  });

  it('is told when Step Functions does not know it', async () => {
    const unknown = 'arn:aws:states:eu-west-1:111122223333:execution:tidemark-dev-train:gone';

    expect(await executions.endOf(unknown)).toBe('Execution.DELETED');
  });

  it('is not guessed when Step Functions cannot be asked', async () => {
    const unreachable = new SFNClient({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9',
      maxAttempts: 1,
    });

    await expect(
      new RunExecutions(unreachable).endOf('arn:aws:states:eu-west-1:1:execution:a:b'),
    ).rejects.toThrow();
  });
});
