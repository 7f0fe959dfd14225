import { runIdOf } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import type { Execution, Machine, Meddle } from '../support/machine.ts';
import { typos } from '../support/typos.ts';
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
});

/** Trains as soon as the rows are dropped, as ingest and train do. */
const training: Meddle = {
  async after(task) {
    if (task === 'DropRows') await model.train();
  },
};
const types = async () => (await model.events()).map(({ type }) => type);
const lastReason = async () => (await model.events()).at(-1)?.detail.reason;

describe('an alarm', () => {
  it('leads to a retraining with the labelled predictions, as rows of the model’s data', async () => {
    await model.labelledPredictions();
    const execution = machine.execution(model.alarm(), training);

    const end = await execution.run();

    const retrainingId = runIdOf(execution.arn);
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'training' } });
    expect(await model.events()).toMatchObject([
      {
        type: 'retraining.started',
        detail: {
          retrainingId,
          trigger: 'drift',
          datasetId: null,
          message: expect.stringContaining('200 labelled'),
        },
      },
    ]);
    const rows = await model.dropped(retrainingId);
    expect(rows).toHaveLength(200);
    // The dataset's columns, no others, and the raw number that the target is made from.
    expect(rows[0]).toEqual({
      distance: expect.any(Number),
      origin: 'SFO',
      date: '2026-03-01T10:00:00Z',
      delay: expect.any(Number),
    });
    const episode = await model.episode();
    expect(episode).toMatchObject({ retrainingId, alarmedAt: expect.any(String) });
    expect(await model.retrainings()).toMatchObject([
      { retrainingId, episodeId: episode?.episodeId, version: 1, newRows: 200, status: 'training' },
    ]);
    expect(await model.record()).toMatchObject({ latestRetraining: retrainingId, openRetraining: null });
  });

  it('whose labels are mostly one file’s takes its share of them, on record and in the event', async () => {
    model = await RetrainedModel.drifting(region, { retraining: { maximumLabelFileShare: 0.2 } });
    await model.labelledPredictions('lab', 200);
    await model.labelledPredictions('stranger', 1000);
    const execution = machine.execution(model.alarm(), training);

    await execution.run();

    // 300 of 1,000 old rows, 200 and 300 new ones.
    const labels = {
      datasetRows: 1500,
      files: 2,
      largest: { key: `labels/${model.name}/stranger.csv`, rows: 300 },
      maximumShare: 0.2,
      heldBack: { rows: 700, files: [{ key: `labels/${model.name}/stranger.csv`, rows: 700 }] },
    };
    expect(await model.dropped(runIdOf(execution.arn))).toHaveLength(500);
    expect(await model.retrainings()).toMatchObject([{ newRows: 500, labels }]);
    expect(await model.events()).toMatchObject([
      {
        type: 'retraining.started',
        detail: { labels, message: expect.stringMatching(/700 labelled rows were held back/) },
      },
    ]);
  });

  it('for which too few rows are left, as one file has more than its share, says how many were held back', async () => {
    model = await RetrainedModel.drifting(region, { retraining: { maximumLabelFileShare: 0.1 } });
    await model.labelledPredictions('stranger', 1000);

    await machine.run(model.alarm());

    expect(await model.events()).toMatchObject([
      {
        type: 'retraining.suppressed',
        detail: {
          reason: 'too-few-rows',
          labels: { heldBack: { rows: 889 } },
          message: expect.stringMatching(/There are 111 labelled.*889 labelled rows were held back/),
        },
      },
    ]);
  });

  it('of a model that learns from a window of days counts shares of the rows of that window', async () => {
    model = await RetrainedModel.drifting(region, {
      time: 'date',
      retraining: { maximumLabelFileShare: 0.5, data: 'window', windowDays: 30 },
    });
    await model.prepared({ train: 200, validation: 50, holdout: 50 });
    await model.labelledPredictions('stranger', 400);

    await machine.run({ model: model.name }, training);

    expect(await model.retrainings()).toMatchObject([{ newRows: 300, labels: { datasetRows: 600 } }]);
  });

  it('that is delivered twice at once is one retraining', async () => {
    await model.labelledPredictions();
    const alarm = model.alarm();

    const ends = await Promise.all([machine.run(alarm, training), machine.run(alarm, training)]);

    expect(ends.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(await model.retrainings()).toHaveLength(1);
    expect(await types()).toEqual(['retraining.started']);
  });

  it('and the windows after it, all at once, are one retraining, and each of the others says why not', async () => {
    await model.labelledPredictions();
    const episode = await model.begin('drift');
    const requests = [
      model.alarm(),
      model.alarm('drift', 'another-transition'),
      ...[1, 2, 3].map((number) => model.nextWindow(episode, `window-${number}`)),
    ];

    await Promise.all(requests.map((request) => machine.run(request, training)));

    expect(await model.retrainings()).toHaveLength(1);
    expect((await types()).sort()).toEqual([
      'retraining.started',
      ...Array.from({ length: 4 }, () => 'retraining.suppressed'),
    ]);
  });

  it('that comes after its episode has ended is suppressed', async () => {
    await model.labelledPredictions();
    await model.endEpisode();

    await machine.run(model.alarm());

    expect(await lastReason()).toBe('episode-over');
    expect(await model.retrainings()).toEqual([]);
  });

  it('of an earlier episode does not count as that of the one that is on', async () => {
    const before = new Date(Date.now() - 2 * 3_600_000);

    await machine.run(model.alarm('drift', 'late', before));

    expect(await lastReason()).toBe('episode-over');
    expect(await model.episode()).toMatchObject({ alarmedAt: null });
  });

  it('without labels yet is suppressed, and asked about again with the next window', async () => {
    await machine.run(model.alarm());
    const episode = await model.episode();
    await model.labelledPredictions();
    if (episode) await machine.run(model.nextWindow(episode), training);

    expect(episode).toMatchObject({ alarmedAt: expect.any(String), retrainingId: null });
    expect(await types()).toEqual(['retraining.suppressed', 'retraining.started']);
    expect((await model.events())[0]?.detail.reason).toBe('too-few-rows');
  });

  it('of quality is an episode of its own', async () => {
    await model.labelledPredictions();
    await model.begin('quality');

    await machine.run(model.alarm('quality'), training);

    expect(await model.episode('quality')).toMatchObject({ retrainingId: expect.any(String) });
    expect(await model.episode('drift')).toMatchObject({ retrainingId: null });
  });

  it('of a model that was never onboarded, or is gone, is suppressed', async () => {
    const gone = {
      ...model.alarm(),
      detail: { ...Object(model.alarm()).detail, alarmName: 'tidemark-dev-model-gone-drift' },
    };

    const end = await machine.run(gone);

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'suppressed' } });
  });
});

describe('an alarm on a laptop, where windows are weeks ahead of the wall’s clock,', () => {
  const ahead = (days: number) => new Date(Date.now() + days * 24 * 3_600_000);

  it.each([
    [41, 'retraining.suppressed'],
    [42.5, 'retraining.started'],
  ])('finds a cooldown that began on day 41 as it is on day %i', async (day, expected) => {
    await model.begin('drift', { since: ahead(40).toISOString() });
    await model.labelledPredictions('first');
    await machine.run(model.alarm('drift', `${model.name}-first`, ahead(41)), training);
    await model.begin('drift', { since: ahead(40.5).toISOString() });
    await model.labelledPredictions('second');
    await machine.run(model.alarm('drift', `${model.name}-second`, ahead(day)), training);

    const [first, second] = await model.events();
    expect([first?.type, second?.type]).toEqual(['retraining.started', expected]);
    expect((await model.retrainings()).map(({ askedAt }) => askedAt.slice(0, 10)).sort()[0]).toBe(
      ahead(41).toISOString().slice(0, 10),
    );
    if (expected === 'retraining.suppressed') {
      // The times that it names are those of the windows.
      expect(second?.detail.message).toContain(`began ${ahead(41).toISOString().slice(0, 10)}`);
      expect(second?.detail.message).toContain(`may begin ${ahead(42).toISOString().slice(0, 10)}`);
    }
  });
});

describe('an alarm during a training or a deployment', () => {
  const until = () => new Date(Date.now() + 3_600_000).toISOString();

  it('waits until the model is free, and then decides by what is live', async () => {
    await model.labelledPredictions();
    await model.change({ lease: { owner: 'version-2', purpose: 'deploy', until: until() } });
    let looks = 0;

    await machine.run(model.alarm(), {
      async after(task) {
        if (task !== 'Decide') return;
        looks += 1;
        if (looks === 3) await model.change({ lease: null, liveVersion: 2 });
      },
    });

    expect(looks).toBe(4);
    expect(await lastReason()).toBe('version-changed');
  });

  it('begins a retraining afterwards if the same version is live still', async () => {
    await model.labelledPredictions();
    await model.change({ lease: { owner: 'run-1', purpose: 'train', until: until() } });
    let looks = 0;

    await machine.run(model.alarm(), {
      async after(task) {
        await training.after?.(task);
        looks += task === 'Decide' ? 1 : 0;
        if (looks === 2) await model.change({ lease: null });
      },
    });

    expect(await types()).toEqual(['retraining.started']);
  });

  it('that lasts longer than a day is suppressed', async () => {
    await model.change({ lease: { owner: 'run-1', purpose: 'train', until: until() } });

    await machine.run(model.alarm());

    expect(await lastReason()).toBe('model-busy');
  });

  it('that begins between the count and the decision is waited for, and the rows are counted anew', async () => {
    await model.labelledPredictions();
    let exports = 0;

    await machine.run(model.alarm(), {
      async after(task) {
        await training.after?.(task);
        if (task !== 'ExportRows') return;
        exports += 1;
        // What holds the model is gone when it is looked at again.
        const lease = {
          owner: 'run-1',
          purpose: 'train',
          until: new Date(Date.now() + 300).toISOString(),
        } as const;
        if (exports === 1) await model.change({ lease });
      },
    });

    expect(exports).toBe(2);
    expect(await types()).toEqual(['retraining.started']);
  });
});

describe('labelled predictions', () => {
  it('are used once: the next retraining adds only those that are new', async () => {
    await model.labelledPredictions('first');
    await machine.run({ model: model.name }, training);
    await model.labelledPredictions('second', 250);

    const execution = machine.execution({ model: model.name }, training);
    await execution.run();

    expect(await model.dropped(runIdOf(execution.arn))).toHaveLength(250);
  });

  it('that a retraining did not bring into the data, as it was rejected, are used by the next', async () => {
    await model.labelledPredictions();
    const rejected = machine.execution(
      { model: model.name },
      {
        async after(task) {
          if (task === 'DropRows') await model.rejectRows();
        },
      },
    );
    await rejected.run();

    const execution = machine.execution({ model: model.name }, training);
    await execution.run();

    expect((await model.events()).map(({ type, detail }) => [type, detail.reason])).toEqual([
      ['retraining.started', undefined],
      ['retraining.abandoned', 'rows-rejected'],
      ['retraining.started', undefined],
    ]);
    expect(await model.dropped(runIdOf(execution.arn))).toHaveLength(200);
  });

  it('and that lead to nothing leave the episode to its next windows, when the cooldown is over', async () => {
    const rejecting: Meddle = {
      async after(task) {
        if (task === 'DropRows') await model.rejectRows();
      },
    };
    const reasons: unknown[] = [];
    for (const cooldownHours of [24, 0]) {
      const retraining = { cooldownHours, maximumPerDay: 24 };
      model = await RetrainedModel.drifting(region, { retraining });
      await model.labelledPredictions();
      await machine.run(model.alarm(), rejecting);
      const episode = await model.episode();
      if (episode) await machine.run(model.nextWindow(episode), training);
      reasons.push((await model.events()).slice(1).map(({ type, detail }) => [type, detail.reason]));
    }

    expect(reasons).toEqual([
      [
        ['retraining.abandoned', 'rows-rejected'],
        ['retraining.suppressed', 'cooldown'],
      ],
      [
        ['retraining.abandoned', 'rows-rejected'],
        ['retraining.started', undefined],
      ],
    ]);
    expect((await model.episode())?.retrainingId).toBe((await model.record()).latestRetraining);
  });

  it('are counted anew when another retraining has begun to train with them since', async () => {
    model = await RetrainedModel.drifting(region, { retraining: { cooldownHours: 0, maximumPerDay: 24 } });
    await model.labelledPredictions();
    let exports = 0;

    await machine.run(model.alarm(), {
      async after(task) {
        if (task !== 'ExportRows') return;
        exports += 1;
        if (exports === 1) await machine.run({ model: model.name }, training);
      },
    });

    expect(exports).toBe(2);
    expect(await model.retrainings()).toHaveLength(1);
    expect(await lastReason()).toBe('too-few-rows');
  });

  it('count once however often they were captured, with the label that came last', async () => {
    const ids = await model.labelledPredictions();
    await model.predict(ids);
    await model.label('zz-corrected.csv', { [ids[0] ?? '']: 999 });
    const execution = machine.execution({ model: model.name }, training);

    await execution.run();

    const rows = await model.dropped(runIdOf(execution.arn));
    expect(rows).toHaveLength(200);
    expect(rows.filter(({ delay }) => delay === 999)).toHaveLength(1);
  });

  it('are read past what is damaged, and labels that are no values of the target are left out', async () => {
    const ids = await model.labelledPredictions();
    await model.putCapture('{"schemaVersion":1,"model":"mod');
    await model.label('zz-odd.csv', { [ids[0] ?? '']: 'above 15', [ids[1] ?? '']: 'unknown', unknown: 3 });
    await model.labelledPredictions('more', 10);
    const execution = machine.execution({ model: model.name }, training);

    await execution.run();

    expect(await model.dropped(runIdOf(execution.arn))).toHaveLength(208);
  });

  it('without the time that splits rows are left out', async () => {
    model = await RetrainedModel.drifting(region, { time: 'date' });
    const ids = await model.labelledPredictions();
    await model.predict(['timeless'], () => ({ distance: 5 }));
    await model.label('timeless.csv', { timeless: 3 });
    const execution = machine.execution({ model: model.name }, training);

    await execution.run();

    expect(await model.dropped(runIdOf(execution.arn))).toHaveLength(ids.length);
  });

  it('come with a marker in their own folder where the definition waits for one', async () => {
    model = await RetrainedModel.drifting(region, { ingestion: { complete: 'marker', marker: '_DONE' } });
    await model.labelledPredictions();
    const execution = machine.execution({ model: model.name }, training);

    await execution.run();

    const folder = `incoming/${model.name}/feedback/${runIdOf(execution.arn)}`;
    expect(await model.incoming()).toEqual([`${folder}/_DONE`, `${folder}/rows.jsonl`]);
  });
});

describe('a dataset that nobody has trained', () => {
  it('is what a retraining trains when too few predictions have labels; nothing is dropped', async () => {
    const datasetId = await model.commitDataset(2, [], 1300);

    await machine.run(model.alarm(), {
      async before(task) {
        if (task === 'Follow') await model.train();
      },
    });

    expect(await model.events()).toMatchObject([{ type: 'retraining.started', detail: { datasetId } }]);
    expect(await model.incoming()).toEqual([]);
  });

  it('is all that there is where a batch replaces the data; predictions are not even counted', async () => {
    model = await RetrainedModel.drifting(region, {
      ingestion: { mode: 'replace' },
      retraining: { on: ['drift'] },
    });
    await model.labelledPredictions();
    const execution = machine.execution(model.alarm());

    await execution.run();

    expect(execution.states()).not.toContain('ExportRows');
    expect(await lastReason()).toBe('too-few-rows');
  });
});

describe('a retraining that is begun', () => {
  it('and not trained in two days is given up, so that it does not hold back the next', async () => {
    await model.labelledPredictions();

    const end = await machine.run(model.alarm());

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'abandoned' } });
    expect(await model.events()).toMatchObject([
      { type: 'retraining.started' },
      { type: 'retraining.abandoned', detail: { reason: 'expired' } },
    ]);
    expect(await model.record()).toMatchObject({ openRetraining: null });
    // The episode stays answered: there is one retraining for each.
    expect(await model.episode()).toMatchObject({ retrainingId: expect.any(String) });
  });

  it('holds back every other until it trains', async () => {
    await model.labelledPredictions();

    await machine.run(model.alarm(), {
      async after(task) {
        if (task !== 'DropRows') return;
        await machine.run({ model: model.name });
        await model.train();
      },
    });

    expect((await model.events()).map(({ detail }) => detail.reason)).toEqual([undefined, 'retraining-open']);
  });
});

describe('a schedule', () => {
  const tick = () => ({ model: model.name, trigger: 'schedule', scheduledTime: '2026-03-01T04:00:00Z' });

  it('asks for a training, once a tick', async () => {
    model = await RetrainedModel.drifting(region, { retraining: { on: ['schedule'] } });
    await model.labelledPredictions();

    await machine.run(tick(), training);
    const repeat = await machine.run(tick());

    expect(await types()).toEqual(['retraining.started']);
    expect(repeat).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'unneeded' } });
  });
});

describe('when something fails:', () => {
  /** Fails a task each time that it is called. */
  const failing = (name: string, error = 'InvariantError', then: Meddle = {}): Meddle => ({
    before(task) {
      if (task === name) throw new StateError(error, '{"errorMessage":"A defect."}');
    },
    ...then,
  });

  it.each(['Decide', 'ExportRows'])('%s: nothing is decided, and everybody knows', async (task) => {
    await model.labelledPredictions();

    const end = await machine.run(model.alarm(), failing(task));

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'InvariantError' });
    expect(await lastReason()).toBe('failed');
    expect(await model.episode()).toMatchObject({ retrainingId: null });
  });

  it.each(['DropRows', 'Follow'])('%s: what was begun is given up', async (task) => {
    await model.labelledPredictions();

    const end = await machine.run(model.alarm(), failing(task));

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'InvariantError' });
    expect(await types()).toEqual(['retraining.started', 'retraining.abandoned']);
    expect(await model.record()).toMatchObject({ openRetraining: null });
    expect((await model.retrainings())[0]).toMatchObject({ status: 'abandoned' });
  });

  it('AnnounceStart: what was begun is given up', async () => {
    await model.labelledPredictions();
    let puts = 0;

    const end = await machine.run(model.alarm(), {
      before(task) {
        puts += task === 'putEvents' ? 1 : 0;
        // The first nine are the announcement with its retries.
        if (task === 'putEvents' && puts <= 9) throw new StateError('EventBridge.Down', 'no bus');
      },
    });

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'EventBridge.Down' });
    expect(await types()).toEqual(['retraining.abandoned']);
  });

  it('a moment: every function is asked again, and the answer is the same', async () => {
    await model.labelledPredictions();
    const failed = new Set<string>();

    await machine.run(model.alarm(), {
      async after(task) {
        await training.after?.(task);
        if (failed.has(task)) return;
        failed.add(task);
        // It has done its work, and the answer is lost.
        throw new StateError('Lambda.ServiceException', 'lost');
      },
    });

    expect([...failed]).toEqual(['Decide', 'ExportRows', 'putEvents', 'DropRows', 'Follow']);
    expect(await model.retrainings()).toHaveLength(1);
    // The bus may get an event twice, as it may from EventBridge itself; it is one event.
    expect(new Set((await model.events()).map(({ detail }) => detail.eventId)).size).toBe(1);
  });

  it('RecordFailure, whose answer was lost, says it once', async () => {
    await model.labelledPredictions();
    let isLost = false;

    await machine.run(model.alarm(), {
      ...failing('DropRows'),
      after(task) {
        if (task !== 'RecordFailure' || isLost) return;
        isLost = true;
        throw new StateError('Lambda.ServiceException', 'lost');
      },
    });

    expect(isLost).toBe(true);
    expect(await types()).toEqual(['retraining.started', 'retraining.abandoned']);
  });

  /** Step Functions' event for an execution that was stopped. */
  const stopped = (execution: Execution) => ({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: execution.arn, status: 'ABORTED', input: JSON.stringify(execution.input) },
  });

  it('an execution that is stopped after it began: another gives up what it had begun', async () => {
    await model.labelledPredictions();
    const stop = new AbortController();
    const execution = machine.execution(model.alarm(), {
      after(task) {
        if (task === 'DropRows') stop.abort();
      },
    });
    await execution.run(stop.signal).catch(() => undefined);

    const end = await machine.run(stopped(execution));

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'recorded' } });
    expect((await model.events()).at(-1)).toMatchObject({
      type: 'retraining.abandoned',
      detail: { reason: 'failed', message: expect.stringContaining('was stopped by somebody') },
    });
    expect(await model.record()).toMatchObject({ openRetraining: null });
  });

  it('an execution that is stopped while its retraining trains: that is left to its run', async () => {
    await model.labelledPredictions();
    const execution = machine.execution(model.alarm(), training);
    await execution.run();

    await machine.run(stopped(execution));

    expect(await types()).toEqual(['retraining.started']);
  });

  it.each(typos)('the input %j of a person: it says what it takes', async (typed) => {
    const end = await machine.run(typed);

    const message = expect.stringContaining('like { "model": "flight-delay" }');
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'refused', message } });
  });
});
