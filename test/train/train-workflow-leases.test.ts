import { runIdOf } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyFault, type Fault, withFault } from '../support/fault-at-call.ts';
import { startTrainRegion, type TrainRegion } from './train-region.ts';
import { flights, TrainedModel } from './trained-model.ts';

type Handler = (event: unknown) => Promise<unknown>;

let region: TrainRegion;
let start: Handler;
let recordFailure: Handler;

beforeAll(async () => {
  region = await startTrainRegion();
  start = (await import('../../functions/train/start-run.lambda.ts')).handler;
  recordFailure = (await import('../../functions/train/record-failure.lambda.ts')).handler;
});
afterAll(() => region.stop());

let executions = 0;
const rows = flights(0, 200);
const failure = { Error: 'InjectedFault', Cause: 'The connection was lost.' };

/** A way to start, on a model of its own: what is there before, and what happens between two attempts. */
const ways: {
  readonly title: string;
  readonly outcome: string;
  /** Of the attempt after `meanwhile`. */
  readonly later: string;
  prepare(model: TrainedModel): Promise<unknown>;
  meanwhile?(model: TrainedModel): Promise<unknown>;
}[] = [
  {
    title: 'a committed dataset',
    outcome: 'started',
    later: 'started',
    prepare: async (model) => (await model.commit(rows)).event,
  },
  {
    title: 'a dataset that is superseded between two attempts',
    outcome: 'started',
    later: 'unneeded',
    prepare: async (model) => (await model.commit(rows)).event,
    meanwhile: (model) => model.commit(rows),
  },
  {
    title: 'a model that is retired between two attempts',
    outcome: 'started',
    later: 'skipped',
    prepare: async (model) => (await model.commit(rows)).event,
    meanwhile: (model) => model.redefine({ ...model.definition, lifecycle: 'retired' }),
  },
  {
    title: 'a model without data',
    outcome: 'refused',
    later: 'refused',
    prepare: async (model) => ({ model: model.name }),
  },
];

describe.each(ways)('the lease of a run of $title', ({ prepare, meanwhile, outcome, later }) => {
  async function attempt(fault?: Fault) {
    const model = await TrainedModel.onboard(region);
    const request = await prepare(model);
    const executionArn = `arn:aws:states:eu-west-1:1:execution:train:lease-${++executions}`;
    const input = { executionArn, request, waits: 0 };
    return { model, input, first: await withFault(fault, () => start(input)) };
  }

  it('is free or its own after a fault at any call and another attempt', async () => {
    const { first } = await attempt();
    expect(first.result).toMatchObject({ outcome });
    for (const fault of everyFault(first.calls, false)) {
      const { model, input } = await attempt(fault);
      const what = JSON.stringify(fault);
      const begun = (await model.runs()).length > 0;
      await meanwhile?.(model);

      expect(await start(input), what).toMatchObject({ outcome: begun ? 'started' : later });
      const { lease } = await model.record();
      const own = `run-${runIdOf(input.executionArn)}`;
      expect(lease?.owner ?? 'nobody', what).toBe(begun || later === 'started' ? own : 'nobody');
    }
  });

  it('is free when the failure is recorded after everything has failed from any call on', async () => {
    const { first } = await attempt();
    for (const fault of everyFault(first.calls - 1, true)) {
      const { model, input, first: failed } = await attempt(fault);
      const what = JSON.stringify(fault);

      expect(failed.error, what).toMatchObject({ name: 'InjectedFault' });
      await recordFailure({ ...input, failure, step: 'StartRun' });
      expect((await model.record()).lease, what).toBeNull();
    }
  });
});
