import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import type { Machine } from '../support/machine.ts';
import { startTrainRegion, type TrainRegion } from './train-region.ts';
import { flights, TrainedModel } from './trained-model.ts';

let region: TrainRegion;
let machine: Machine;
let model: TrainedModel;

beforeAll(async () => {
  region = await startTrainRegion();
  machine = await region.machine('Train');
});
afterAll(() => region.stop());
beforeEach(async () => {
  model = await TrainedModel.onboard(region);
});

const january = flights(0, 2000);
const retire = () => model.redefine({ ...model.definition, lifecycle: 'retired' });

describe('the data of a retired model', () => {
  it('are not trained, which is told once', async () => {
    const { event, datasetId } = await model.commit(january);
    await retire();

    const ends = [await machine.run(event), await machine.run(event)];

    expect(ends.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(await model.events()).toMatchObject([
      {
        'detail-type': 'training.skipped',
        detail: { datasetId, reason: 'retired', message: expect.stringContaining('The data is kept') },
      },
    ]);
    expect(await model.record()).toMatchObject({ lease: null });
    expect(await model.runs()).toEqual([]);
  });

  it('are not trained for a person either', async () => {
    await model.commit(january);
    await retire();

    const end = await machine.run({ model: model.name });

    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(/is not trained\. .* is retired/) },
    });
  });

  it('are not trained when the model is retired while the run waits for it', async () => {
    const { event } = await model.commit(january);
    await model.seize('deployment-1');
    let waits = 0;

    await machine.run(event, {
      async after(task) {
        if (task !== 'StartRun') return;
        waits += 1;
        if (waits === 2) await retire();
      },
    });

    expect(waits).toBe(3);
    expect(await model.announced()).toEqual(['training.skipped']);
  });

  it('are told to be skipped again, in the same words, when the answer was lost', async () => {
    const { event } = await model.commit(january);
    await retire();
    let lost = false;

    await machine.run(event, {
      after(task) {
        if (task !== 'StartRun' || lost) return;
        lost = true;
        throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
      },
    });

    expect(await model.announced()).toEqual(['training.skipped']);
  });
});

describe('the data of a model that is active again', () => {
  it('are trained once its former version is live again, and compared with that', async () => {
    const first = await model.commit(january);
    await machine.run(first.event);
    await model.goLive(1);
    await model.movePointer(null, 1);
    const { event } = await model.commit(january, flights(2000, 4000));
    let waits = 0;

    await machine.run(event, {
      async after(task) {
        if (task !== 'StartRun') return;
        waits += 1;
        if (waits === 2) await model.goLive(1);
      },
    });

    expect(waits).toBe(3);
    expect(await model.versions()).toMatchObject([{ version: 1 }, { version: 2, comparedWith: 1 }]);
  });
});

describe('a run whose model is retired before', () => {
  it.each(['Prepare', 'createTrainingJob', 'createTransformJob', 'Evaluate', 'Register'])(
    '%s registers nothing, frees the model and says so, without an alarm',
    async (task) => {
      const { event } = await model.commit(january);

      const end = await machine.run(event, {
        async before(called) {
          if (called === task) await retire();
        },
      });

      expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'retired' } });
      expect(await model.announced()).toEqual(['training.started', 'training.failed']);
      expect((await model.events()).at(-1)?.detail).toMatchObject({
        error: 'ModelRetiredError',
        message: expect.stringMatching(/ failed: .* is retired: .* No version was registered\./),
      });
      expect(await model.versions()).toEqual([]);
      expect(await model.runs()).toMatchObject([{ status: 'failed' }]);
      expect(await model.record()).toMatchObject({ lease: null, nextVersion: 1 });
    },
  );

  it('it announces its version hands that to deploy, which passes it over', async () => {
    const { event } = await model.commit(january);

    const end = await machine.run(event, {
      async after(called) {
        if (called === 'Register') await retire();
      },
    });

    expect(end.status).toBe('SUCCEEDED');
    expect((await model.announced()).at(-1)).toBe('version.approved');
    expect((await model.record()).lease).toMatchObject({ owner: 'version-1', purpose: 'deploy' });
  });

  it('loses the model to whoever takes the endpoint away, and leaves it that', async () => {
    const { event } = await model.commit(january);

    await machine.run(event, {
      async before(called) {
        if (called !== 'Evaluate') return;
        await retire();
        await model.seize('deployment-1');
      },
    });

    expect((await model.record()).lease).toMatchObject({ owner: 'deployment-1' });
    expect(await model.announced()).toEqual(['training.started', 'training.failed']);
  });
});
