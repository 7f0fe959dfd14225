import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import { HostedModel } from '../deploy/hosted-model.ts';
import { type HostingRegion, startHostingRegion } from '../deploy/hosting-region.ts';
import type { Execution, Machine } from '../support/machine.ts';

let region: HostingRegion;
let machine: Machine;

beforeAll(async () => {
  region = await startHostingRegion();
  machine = await region.machine('Deploy');
});
afterAll(() => region.stop());

/** Ways through the machine, which together pass every task that follows the lease's taking. */
const ways = {
  'a version goes live': async (model: HostedModel) => {
    await model.goLive(machine, 1);
    await model.register(2);
    return model.approve(2);
  },
  'a version fails its proof': async (model: HostedModel) => {
    await model.goLive(machine, 1);
    await model.register(2, { recordedFactor: 3 });
    return model.approve(2);
  },
  'an endpoint is created': async (model: HostedModel) => {
    await model.register(1);
    return model.approve(1);
  },
  'a model retires': async (model: HostedModel) => {
    await model.goLive(machine, 1);
    return model.retire();
  },
} as const;

/** What EventBridge says of an execution that has failed. */
const ended = ({ arn, input }: Execution) => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: arn, status: 'FAILED', input: JSON.stringify(input) },
});

/** Runs an execution in which a task fails each time that it is called. */
async function failing(way: keyof typeof ways, task: string): Promise<string> {
  const model = await HostedModel.onboard(region);
  const request = await ways[way](model);
  const execution = machine.execution(request, {
    before(name) {
      if (name === task) throw new StateError('Runtime.ExitError', 'The process ended.');
    },
  });
  const end = await execution.run();
  // The rule `OnExecutionBroken` of the stack does this.
  if (end.status === 'FAILED' && end.errorName === 'DeploymentUnfinished')
    await machine.run(ended(execution));
  const { leaseIsFree } = await model.truth();
  return leaseIsFree ? 'free' : `held after ${end.status} ${JSON.stringify(end)}`;
}

describe('the lease of a model', () => {
  const passed = new Set<string>();

  it.each(Object.keys(ways) as (keyof typeof ways)[])(
    'is free after any task has failed for good while %s',
    async (way) => {
      const tasks = new Set<string>();
      const model = await HostedModel.onboard(region);
      await machine.run(await ways[way](model), { before: (task) => void tasks.add(task) });

      const found: Record<string, string> = {};
      for (const task of tasks) {
        passed.add(task);
        found[task] = await failing(way, task);
      }

      expect(found).toEqual(Object.fromEntries([...tasks].map((task) => [task, 'free'])));
    },
    600_000,
  );

  it('was looked at after every task of the machine, but those of instances and of giving up', () => {
    const { States } = JSON.parse(readFileSync('state-machines/deploy.asl.json', 'utf8'));
    const tasks = Object.values<{ Type: string; Resource?: string; Arguments?: { FunctionName?: string } }>(
      States,
    ).flatMap(({ Type, Resource, Arguments }) => {
      if (Type !== 'Task') return [];
      const called = /^\$\{(\w+)Arn\}$/.exec(Arguments?.FunctionName ?? '')?.[1];
      return [called ?? String(Resource).split(':').at(-1)];
    });

    expect(tasks.filter((task) => task !== undefined && !passed.has(task))).toEqual([
      'GiveUp',
      'describeEndpointConfig',
    ]);
  });
});
