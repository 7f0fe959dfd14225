import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { type Clock, wallClock } from '../../../clock.ts';
import { temporaryDirectory, writeCode } from '../../region.ts';
import { markingFunction, markingMachine } from './marking-machine.ts';
import { FakeSageMaker, startStates } from './states-region.ts';

function anHourLater(): Clock {
  const clock = wallClock();
  const hour = 3_600_000;
  return {
    ...clock,
    now: () => clock.now() + hour,
    until: (moment, signal) => clock.until(moment - hour, signal),
  };
}

function journalOf(directory: string, executionArn: unknown): string {
  const name = String(executionArn).split(':').at(-1) ?? '';
  const file = join(directory, 'states', 'executions', 'marking', name, 'journal.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

const trainingMachine = {
  StartAt: 'Train',
  States: {
    Train: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Arguments: { TrainingJobName: 'job' },
      Output: '{% $states.result.TrainingJobStatus %}',
      End: true,
    },
  },
};

describe('a region that is stopped and started again', () => {
  it('goes on following a job that it submitted, and does not submit another', async () => {
    const sagemaker = new FakeSageMaker();
    sagemaker.outcome = { looks: 1_000_000, status: 'Completed' };
    const first = await startStates({ sagemaker });
    const stateMachineArn = first.createMachine('train', trainingMachine);
    const { executionArn = '' } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    await expect.poll(() => sagemaker.jobs.get('job')?.looks ?? 0).toBeGreaterThan(1);
    await first.stop();
    expect(sagemaker.jobs.get('job')?.status, 'closing does not stop the job').toBe('InProgress');

    sagemaker.outcome = { looks: 0, status: 'Completed' };
    const second = await startStates({ sagemaker, directory: first.directory });
    second.service.resume();
    const { status, output } = await second.service.executionOver(executionArn);

    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: '"Completed"' });
    expect(sagemaker.callers).toHaveLength(1);
    await second.stop();
  });

  it('takes up a job whose creation it was not told of any more', async () => {
    const sagemaker = new FakeSageMaker();
    const first = await startStates({ sagemaker });
    const stateMachineArn = first.createMachine('train', trainingMachine);
    const closed = new Promise<void>((resolve) => {
      sagemaker.beforeAnswer = async () => {
        void first.service.close().then(resolve);
      };
    });
    const { executionArn = '' } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    await closed;
    await first.stop();

    const second = await startStates({ sagemaker, directory: first.directory });
    second.service.resume();
    const { status, cause } = await second.service.executionOver(executionArn);

    expect({ status, cause }).toEqual({ status: 'SUCCEEDED', cause: undefined });
    expect(sagemaker.callers).toHaveLength(1);
    await second.stop();
  });

  it('does nothing more for an execution whose machine is deleted before it is resumed', async () => {
    const sagemaker = new FakeSageMaker();
    sagemaker.outcome = { looks: 1_000_000, status: 'Completed' };
    const first = await startStates({ sagemaker });
    const stateMachineArn = first.createMachine('train', trainingMachine);
    const { executionArn = '' } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    await expect.poll(() => sagemaker.jobs.get('job')?.looks ?? 0).toBeGreaterThan(1);
    await first.stop();

    const second = await startStates({ sagemaker, directory: first.directory });
    const looks = sagemaker.jobs.get('job')?.looks;
    await second.service.deleteStateMachine(stateMachineArn);
    second.service.resume();

    const { status } = await second.service.executionOver(executionArn);
    expect({ status, looks: sagemaker.jobs.get('job')?.looks }).toEqual({ status: 'ABORTED', looks });
    await second.stop();
  });

  it('still knows executions that were over', async () => {
    const first = await startStates();
    const arn = first.createMachine('done', { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
    const { executionArn } = await first.run(arn, { x: 1 });
    await first.stop();

    const second = await startStates({ directory: first.directory });
    second.service.resume();

    expect(await second.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"x":1}',
    });
    await second.stop();
  });

  it('does nothing twice after its process was killed', async () => {
    const directory = temporaryDirectory();
    const marks = join(writeCode({ marks: '' }), 'marks');
    const victim = fork(fileURLToPath(new URL('killed-region.ts', import.meta.url)), [directory, marks], {
      execArgv: ['--import', 'tsx'],
    });
    const [executionArn] = await once(victim, 'message');
    await expect
      .poll(() => journalOf(directory, executionArn), { timeout: 60_000 })
      .toContain('1:Pause#waiting');
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    expect(readFileSync(marks, 'utf8')).toBe('before\n');

    const second = await startStates({ directory, clock: anHourLater() });
    await second.createFunction('mark', markingFunction);
    second.createMachine('marking', markingMachine(marks));
    second.service.resume();
    const { status } = await second.service.executionOver(String(executionArn));

    expect(status).toBe('SUCCEEDED');
    expect(readFileSync(marks, 'utf8')).toBe('before\nafter\n');
    await second.stop();
  });
});
