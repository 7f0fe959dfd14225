import { windowIdOf } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import { usualFlights } from '../domain/windows/rows.ts';
import type { Execution, Machine, Meddle } from '../support/machine.ts';
import { typos } from '../support/typos.ts';
import { type MonitorRegion, startMonitorRegion } from './monitor-region.ts';
import { ago, MonitoredModel } from './monitored-model.ts';

let region: MonitorRegion;
let machine: Machine;
let model: MonitoredModel;

beforeAll(async () => {
  region = await startMonitorRegion();
  machine = region.monitor;
});
afterAll(() => region.stop());
beforeEach(async () => {
  model = await MonitoredModel.live(region);
});

/** Throws in the place of a task. */
const failing = (task: string, error: string, cause = ''): Meddle => ({
  before(name) {
    if (name === task) throw new StateError(error, cause);
  },
});

interface Case {
  readonly title: string;
  readonly task: string;
  readonly large?: boolean;
  readonly error?: string;
  readonly name: string;
  readonly message: RegExp;
}

const cases: Case[] = [
  {
    title: 'a window that cannot begin',
    task: 'StartWindow',
    name: 'StepTimedOut',
    message: /StartWindow did not end/,
  },
  { title: 'a plan', task: 'PlanWindow', name: 'StepTimedOut', message: /PlanWindow did not end/ },
  { title: 'a slice', task: 'ProfileSlice', name: 'StepTimedOut', message: /ProfileSlice did not end/ },
  {
    title: 'a slice of many',
    task: 'ProfileSlice',
    large: true,
    name: 'StepTimedOut',
    message: /Slice 1 of the window could not be profiled, and one other: ProfileOneSlice did not end/,
  },
  {
    title: 'a slice of many whose function crashes',
    task: 'ProfileSlice',
    large: true,
    error: 'Runtime.ExitError',
    name: 'FunctionCrashed',
    message: /Slice 1 of the window could not be profiled.*The function of ProfileOneSlice crashed.*killed/,
  },
  {
    title: 'the list of many slices',
    task: 'getObject',
    large: true,
    error: 'S3.NoSuchKeyException',
    name: 'StepItemReaderFailed',
    message: /was not judged: killed/,
  },
  { title: 'repeats', task: 'FindRepeats', name: 'StepTimedOut', message: /FindRepeats did not end/ },
  { title: 'labels', task: 'JoinLabels', name: 'StepTimedOut', message: /JoinLabels did not end/ },
  { title: 'a merge', task: 'MergeWindow', name: 'StepTimedOut', message: /MergeWindow did not end/ },
  {
    title: 'a judgement that runs out of memory',
    task: 'JudgeWindow',
    error: 'Runtime.ExitError',
    name: 'FunctionCrashed',
    message: /The function of JudgeWindow crashed/,
  },
];

describe('what fails is told, and its predictions are in the next window:', () => {
  it.each(cases)('$title', async ({ task, large, error = 'States.Timeout', name, message }) => {
    if (large)
      for (let part = 0; part < 2; part += 1) await model.captureLarge(ago(3), usualFlights.slice(0, 5));
    else await model.capture(ago(3), usualFlights.slice(0, 10));
    const cause =
      error === 'States.Timeout' ? '' : JSON.stringify({ errorType: error, errorMessage: 'killed' });
    const execution = machine.execution(model.scheduled(ago(2)), failing(task, error, cause));

    const end = await execution.run();

    expect(end).toMatchObject({ status: 'FAILED', errorName: name, cause: expect.stringMatching(message) });
    expect(await model.announced()).toEqual(['monitoring.failed']);
    expect((await model.events())[0]?.detail).toMatchObject({
      windowId: windowIdOf(ago(2)),
      error: name,
      message: Object(end).cause,
    });
    expect((await model.monitor())?.running ?? null).toBeNull();
    await machine.run(model.scheduled(ago(1)));
    expect((await model.windows()).map(({ rows }) => rows)).toEqual([10]);
  });
});

it('an object that cannot be read is named', async () => {
  await model.capture(ago(3), usualFlights.slice(0, 10));
  await machine.run(model.scheduled(ago(2)));
  const plan = await model.plan(ago(2));
  // S3 refuses a key of so many bytes, and says neither that there is no such object nor that it is gone.
  const key = `captures/${model.name}/function/2026/03/01/10/${'x'.repeat(1024)}`;
  const captures = plan.captures.map((capture) => ({ ...capture, key }));
  const window = await model.putPlan({ ...plan, captures });
  const { handler } = await import('../../functions/monitor/profile-slice.lambda.ts');

  const run = { model: model.name, windowId: 'w', version: 1 };

  await expect(handler({ run, invokedBy: 'by hand', window, slice: 1 })).rejects.toMatchObject({
    name: 'CaptureReadError',
    message: expect.stringContaining(`${key} could not be read: `),
  });
});

describe('an execution that somebody stops', () => {
  beforeEach(() => model.capture(ago(3), usualFlights.slice(0, 10)));

  it('is recorded by another one of the machine, and holds up nobody', async () => {
    const stopping = new AbortController();
    const execution = machine.execution(model.scheduled(ago(2)), {
      before(task) {
        if (task === 'JoinLabels') stopping.abort(new Error('stopped'));
      },
    });
    await execution.run(stopping.signal).catch(() => undefined);
    expect((await model.monitor())?.running).toMatchObject({ owner: execution.arn });

    const recording = await machine.run(ended(execution, 'ABORTED'));

    expect(recording).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'recorded' } });
    expect((await model.monitor())?.running).toBeNull();
    expect((await model.events())[0]?.detail).toMatchObject({
      error: 'Execution.ABORTED',
      windowId: windowIdOf(ago(2)),
    });
  });

  it('after its window was judged does not undo it', async () => {
    const execution = machine.execution(model.scheduled(ago(2)));
    await execution.run();

    await machine.run(ended(execution, 'ABORTED'));

    expect(await model.windows()).toHaveLength(1);
    expect(await model.announced()).toEqual(['window.monitored']);
  });

  it('frees nothing that is another’s by now', async () => {
    const stopped = machine.execution(model.scheduled(ago(3)));
    const execution: Execution = machine.execution(model.scheduled(ago(2)), {
      async before(task) {
        if (task !== 'JoinLabels') return;
        await machine.run(ended(stopped, 'TIMED_OUT'));
        expect((await model.monitor())?.running).toMatchObject({ owner: execution.arn });
      },
    });

    expect(await execution.run()).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('a request', () => {
  it.each(typos)('%j that a person types is refused, which alarms nobody', async (typed) => {
    expect(await machine.run(typed)).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(/^The input is not like/) },
    });
  });

  it.each([
    ['that names no model', () => ({}), /The input is not like/],
    ['with a field that nobody knows', () => ({ model: model.name, when: 'now' }), /when/],
  ])('%s is refused, which alarms nobody', async (_, input, message) => {
    expect(await machine.run(input())).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(message) },
    });
    expect(await model.monitor()).toBeUndefined();
  });

  it('of a schedule for a window of last month fails, which is alarmed', async () => {
    expect(await machine.run(model.scheduled(ago(31 * 24)))).toMatchObject({
      status: 'FAILED',
      errorName: 'NotMonitorable',
      cause: expect.stringMatching(/too long ago: CloudWatch takes no figures that old/),
    });
    expect(await model.monitor()).toBeUndefined();
  });
});

/** What EventBridge says of an execution that has ended. */
function ended({ arn, input }: Execution, status: string): object {
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      status,
      startDate: Date.now(),
      input: JSON.stringify(input),
      cause: null,
    },
  };
}
