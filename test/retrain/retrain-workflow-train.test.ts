import { domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { dataKeys, runIdOf } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunStart } from '../../functions/train/run-start.schema.ts';
import { type RetrainRegion, startRetrainRegion } from './retrain-region.ts';
import { RetrainedModel } from './retrained-model.ts';

let region: RetrainRegion;
let startRun: (event: unknown) => Promise<RunStart>;
let model: RetrainedModel;

beforeAll(async () => {
  region = await startRetrainRegion();
  ({ handler: startRun } = await import('../../functions/train/start-run.lambda.ts'));
});
afterAll(() => region.stop());
beforeEach(async () => {
  model = await RetrainedModel.drifting(region, { retraining: { on: ['drift'] } });
});

const execution = 'arn:aws:states:eu-west-1:000000000000:execution:train:run';
const start = (request: unknown, executionArn = `${execution}-${model.name}`) =>
  startRun({ executionArn, request, waits: 0 });

/** `dataset.committed` as EventBridge delivers it. */
function committed(datasetId: string): object {
  const facts = {
    model: model.name,
    causeId: datasetId,
    message: 'Committed.',
    datasetId,
    rows: 1200,
    batchId: 'b',
  };
  const { type, detail } = domainEvent('dataset.committed', facts, new Date());
  return { 'detail-type': type, detail };
}

/** Begins a retraining, and calls `dropped` once its rows are in the drop zone. */
async function retrain(dropped: (retrainingId: string) => Promise<void>): Promise<string> {
  await model.labelledPredictions();
  const retraining = region.retrain.execution(model.alarm(), {
    async after(task) {
      if (task === 'DropRows') await dropped(runIdOf(retraining.arn));
    },
  });
  await retraining.run();
  return runIdOf(retraining.arn);
}

describe('a model that new data alone does not train', () => {
  it('is trained with the dataset that the retraining’s rows have become, and the retraining knows its run', async () => {
    let begun: RunStart | undefined;
    const retrainingId = await retrain(async (id) => {
      const datasetId = await model.commitDataset(2, [dataKeys.feedback(model.name, id)], 1200);
      begun = await start(committed(datasetId));
    });

    expect(begun).toMatchObject({ outcome: 'started' });
    expect(await model.retrainings()).toMatchObject([
      {
        retrainingId,
        status: 'training',
        runId: runIdOf(`${execution}-${model.name}`),
        datasetId: 'ds-0000000000000002',
      },
    ]);
    expect(await model.record()).toMatchObject({ openRetraining: null });
    expect((await model.events()).map(({ type }) => type)).toEqual(['retraining.started']);
  });

  it('begins the run once, though its answer is lost', async () => {
    const answers: RunStart[] = [];
    await retrain(async (id) => {
      const datasetId = await model.commitDataset(2, [dataKeys.feedback(model.name, id)], 1200);
      answers.push(await start(committed(datasetId)), await start(committed(datasetId)));
    });

    expect(answers[1]).toEqual(answers[0]);
  });

  it('leaves data that comes meanwhile alone, and takes it with the retraining’s own', async () => {
    const answers: RunStart[] = [];
    await retrain(async (id) => {
      const others = await model.commitDataset(2, ['incoming/others.csv'], 1100);
      answers.push(await start(committed(others), `${execution}-others`));
      const datasetId = await model.commitDataset(
        3,
        ['incoming/others.csv', dataKeys.feedback(model.name, id)],
        1300,
      );
      answers.push(await start(committed(datasetId)));
    });

    expect(answers).toMatchObject([
      { outcome: 'unneeded', message: expect.stringContaining('does not list new-data') },
      { outcome: 'started' },
    ]);
  });

  it('is trained at once where its newest dataset waits for a retraining', async () => {
    await model.commitDataset(2, [], 1300);
    let begun: RunStart | undefined;
    await region.retrain.run(model.alarm(), {
      async before(task) {
        if (task !== 'Follow' || begun) return;
        const { type, detail } = (await model.events())[0] ?? {};
        begun = await start({ 'detail-type': type, detail });
      },
    });

    expect(begun).toMatchObject({ outcome: 'started', run: { datasetId: 'ds-0000000000000002' } });
    expect((await model.retrainings())[0]).toMatchObject({ status: 'training' });
  });

  it('is not trained for a retraining that was given up', async () => {
    let retrainingId = '';
    await retrain(async (id) => {
      retrainingId = id;
    });
    const datasetId = await model.commitDataset(2, [dataKeys.feedback(model.name, retrainingId)], 1200);

    expect(await start(committed(datasetId))).toMatchObject({ outcome: 'unneeded' });
    expect((await model.retrainings())[0]).toMatchObject({ status: 'abandoned', runId: null });
  });
});
