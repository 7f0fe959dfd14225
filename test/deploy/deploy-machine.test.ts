import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MachineRun } from '../../packages/region/test/states/machine-run.ts';
import { VirtualClock } from '../../packages/region/test/virtual-clock.ts';

const definition: unknown = JSON.parse(
  readFileSync('state-machines/deploy.asl.json', 'utf8').replaceAll(/\$\{(\w+)\}/g, '$1'),
);

describe('the deploy state machine', () => {
  it('waits for a busy model as long as it is told, and then says who holds it', async () => {
    const clock = new VirtualClock();
    const busy = { outcome: 'busy', message: 'The training run run-1 holds it.', maximumWaits: 120 };
    const machine = new MachineRun({
      definition,
      clock,
      input: { model: 'flight-delay', version: 3 },
      functions: { StartDeploymentArn: Array.from({ length: 121 }, () => ({ result: busy })) },
    });

    const end = await machine.end();

    expect(end).toEqual({
      status: 'FAILED',
      errorName: 'ModelBusy',
      cause: 'The training run run-1 holds it.',
    });
    expect(machine.unused()).toEqual([]);
    expect(clock.jumpsSeconds.reduce((sum, seconds) => sum + seconds, 0)).toBe(3600);
  });

  it('gives the first function the execution and its input, unread', async () => {
    const machine = new MachineRun({
      definition,
      input: { model: 'flight-delay', version: 3 },
      functions: { StartDeploymentArn: [{ result: { outcome: 'unneeded', message: 'Done before.' } }] },
    });

    expect(await machine.end()).toEqual({ status: 'SUCCEEDED', output: { message: 'Done before.' } });
    expect(machine.calls).toEqual([
      {
        name: 'StartDeploymentArn',
        payload: {
          executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:machine:case',
          invokedBy: 'arn:aws:states:eu-west-1:111122223333:execution:machine:case',
          request: { model: 'flight-delay', version: 3 },
        },
      },
    ]);
  });
});
