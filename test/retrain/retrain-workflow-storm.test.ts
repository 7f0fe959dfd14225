import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Meddle } from '../support/machine.ts';
import { type RetrainRegion, startRetrainRegion } from './retrain-region.ts';
import { RetrainedModel } from './retrained-model.ts';

let region: RetrainRegion;

beforeAll(async () => {
  region = await startRetrainRegion();
});
afterAll(() => region.stop());

/** Trains as soon as the rows are dropped. */
const trainedBy = (model: RetrainedModel): Meddle => ({
  async after(task) {
    if (task === 'DropRows') await model.train();
  },
});

describe('fifty models that drift in the same minute', () => {
  it('are each trained again, once, with their own rows; nothing is dropped', async () => {
    const models = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const model = await RetrainedModel.drifting(region);
        await model.labelledPredictions();
        return model;
      }),
    );

    // Every alarm comes twice, as EventBridge may have it.
    const ends = await Promise.all(
      [...models, ...models].map((model) => region.retrain.run(model.alarm(), trainedBy(model))),
    );

    expect(ends.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
    for (const model of models) {
      const retrainings = await model.retrainings();
      expect(retrainings).toMatchObject([{ status: 'training', newRows: 200 }]);
      expect(await model.dropped(retrainings[0]?.retrainingId ?? '')).toHaveLength(200);
      expect((await model.events()).map(({ type }) => type)).toEqual(['retraining.started']);
    }
  });
});

describe('whatever asks for a retraining, in whatever order and however often', () => {
  const asking = fc.constantFrom('alarm', 'alarm again', 'quality alarm', 'window', 'schedule', 'person');

  it('each episode is answered once at most, one retraining is open at a time, and each request is told about', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(asking, { minLength: 2, maxLength: 7 }), async (requests) => {
        const model = await RetrainedModel.drifting(region, {
          retraining: {
            on: ['drift', 'quality', 'schedule'],
            cooldownHours: 0,
            maximumPerDay: 24,
            minimumNewRows: 200,
          },
        });
        await model.begin('quality');
        const episode = await model.episode();
        await model.labelledPredictions();
        const inputs = {
          alarm: model.alarm(),
          'alarm again': model.alarm('drift', `again-${model.name}`),
          'quality alarm': model.alarm('quality'),
          window: episode ? model.nextWindow(episode) : {},
          schedule: { model: model.name, trigger: 'schedule', scheduledTime: '2026-03-01T04:00:00Z' },
          person: { model: model.name },
        };
        let mostOpen = 0;

        const ends = await Promise.all(
          requests.map((request) =>
            region.retrain.run(inputs[request], {
              async after(task) {
                const begun = await model.retrainings();
                mostOpen = Math.max(mostOpen, begun.filter(({ status }) => status === 'open').length);
                if (task === 'DropRows') await model.train();
              },
            }),
          ),
        );

        expect(ends.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
        const retrainings = await model.retrainings();
        const answered = retrainings.flatMap(({ episodeId }) => episodeId ?? []);
        expect(new Set(answered).size).toBe(answered.length);
        expect(mostOpen).toBeLessThanOrEqual(1);
        // Its predictions are enough for one, and none is used twice.
        expect(retrainings).toHaveLength(1);
        const persons = requests.filter((request) => request === 'person').length;
        const others = new Set(requests.filter((request) => request !== 'person')).size;
        expect(await model.events()).toHaveLength(persons + others);
      }),
      { numRuns: 15 },
    );
  });
});
