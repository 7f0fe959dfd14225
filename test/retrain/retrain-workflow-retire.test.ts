import { runIdOf } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Machine, Meddle } from '../support/machine.ts';
import { retired } from '../support/registry.ts';
import { type RetrainRegion, startRetrainRegion } from './retrain-region.ts';
import { RetrainedModel } from './retrained-model.ts';

let region: RetrainRegion;
let machine: Machine;
let model: RetrainedModel;

beforeAll(async () => {
  region = await startRetrainRegion();
  machine = region.retrain;
});
afterAll(() => region.stop());
beforeEach(async () => {
  model = await RetrainedModel.drifting(region);
  await model.labelledPredictions();
});

async function retire(): Promise<void> {
  await model.change(retired(await model.record()));
}
const outcomes = async () => (await model.events()).map(({ type, detail }) => [type, detail.reason]);

/** The endpoint goes as well. */
async function retireWithEndpoint(): Promise<void> {
  await retire();
  await model.change({ liveVersion: null, restoreVersion: 1 });
}
const ahead = (task: string, act: () => Promise<void>): Meddle => ({
  async before(called) {
    if (called === task) await act();
  },
});

describe('a retired model', () => {
  it.each([
    ['an alarm', () => model.alarm()],
    ['a person', () => ({ model: model.name })],
  ])('is not trained again for %s, with the reason', async (_, request) => {
    await retire();

    expect(await machine.run(request())).toMatchObject({ status: 'SUCCEEDED' });

    expect(await outcomes()).toEqual([['retraining.suppressed', 'retired']]);
    expect(await model.retrainings()).toEqual([]);
  });

  it.each([
    ['retired', retire],
    ['retired and without an endpoint', retireWithEndpoint],
  ])('is not trained again when it is %s while its new rows are counted', async (_, act) => {
    const end = await machine.run(model.alarm(), ahead('ExportRows', act));

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await outcomes()).toEqual([['retraining.suppressed', 'retired']]);
  });

  it('is not waited for', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await model.change({ lease: { owner: 'run-2', purpose: 'train', until } });
    let looks = 0;

    await machine.run(model.alarm(), {
      async after(task) {
        if (task !== 'Decide') return;
        looks += 1;
        if (looks === 2) await retire();
      },
    });

    expect(looks).toBe(3);
    expect(await outcomes()).toEqual([['retraining.suppressed', 'retired']]);
  });

  it.each(['DropRows', 'Follow'])(
    'gives up a retraining that had begun, and keeps its rows: retired before %s',
    async (task) => {
      const execution = machine.execution(model.alarm(), ahead(task, retire));

      await execution.run();

      expect(await outcomes()).toEqual([
        ['retraining.started', undefined],
        ['retraining.abandoned', 'retired'],
      ]);
      expect((await model.events()).at(-1)?.detail.message).toMatch(
        /was retired before it was trained\. To bring it back, put .* again with `lifecycle: active`\.$/,
      );
      expect(await model.record()).toMatchObject({ openRetraining: null });
      expect(await model.dropped(runIdOf(execution.arn))).toHaveLength(200);
    },
  );
});
