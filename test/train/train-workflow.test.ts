import { encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import { smokeSchema } from '@tidemark/domain/datasets/smoke.schema.ts';
import { runIdOf } from '@tidemark/domain/names.ts';
import { type Baseline, baselineSchema } from '@tidemark/domain/windows/baseline.schema.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Evaluation, evaluationSchema } from '../../functions/train/evaluation.schema.ts';
import type { Machine } from '../support/machine.ts';
import { typos } from '../support/typos.ts';
import { artifactsBucket, oddImage, startTrainRegion, type TrainRegion } from './train-region.ts';
import { flights, flightsWith, lateFlights, TrainedModel } from './trained-model.ts';

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

/** 15 % of these are for the hold-out. */
const january = flights(0, 4000);
const february = flights(300_000, 303_000);

async function versionOf(model: TrainedModel, number: number) {
  const version = (await model.versions()).find((each) => each.version === number);
  if (!version) throw new Error(`${model.name} has no version ${number}.`);
  return version;
}

async function evaluationOf(model: TrainedModel, number: number): Promise<Evaluation> {
  const { evaluation } = await versionOf(model, number);
  return evaluationSchema.parse(JSON.parse(await model.read(evaluation)));
}

async function baselineOf(model: TrainedModel, number: number): Promise<Baseline> {
  const { baseline } = await versionOf(model, number);
  if (!baseline) throw new Error(`Version ${number} of ${model.name} has no baseline.`);
  return baselineSchema.parse(JSON.parse(await model.read(baseline)));
}

describe('a first dataset', () => {
  it('becomes an approved version with everything needed to make it again, each object pinned by version', async () => {
    const { datasetId, event } = await model.commit(january);
    const execution = machine.execution(event);

    const end = await execution.run();

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'registered' } });
    const runId = runIdOf(execution.arn);
    const version = await versionOf(model, 1);
    const name = `tidemark-dev-${model.name}-${runId}`;
    expect(version).toMatchObject({
      status: 'approved',
      runId,
      codeVersion: 'test',
      dataset: { datasetId, rows: 4000 },
      training: {
        jobName: name,
        jobArn: expect.stringMatching(/^arn:aws:sagemaker:.*training-job\//),
        image: expect.stringMatching(
          /^141502667606\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/sagemaker-xgboost@sha256:[0-9a-f]{64}$/,
        ),
        imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        hyperparameters: { objective: 'binary:logistic', num_round: '100' },
        artifact: {
          bucket: artifactsBucket,
          key: `models/${model.name}/${runId}/model.tar.gz`,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
      sagemakerModelName: `${name}-o`,
      scoredModelName: `${name}-t`,
      comparedWith: null,
      statusReason: null,
    });
    expect(version.metrics.auc?.low).toBeGreaterThan(0.5);
    expect(version.gates).toMatchObject([{ gate: 'beats-a-guess', passed: true }]);
    expect(await model.record()).toMatchObject({
      nextVersion: 2,
      liveVersion: null,
      lease: { owner: 'version-1', purpose: 'deploy' },
    });
    expect(await model.runs()).toMatchObject([{ runId, status: 'registered', version: 1, failure: null }]);
    expect(await model.announced()).toEqual([
      'training.started',
      'version.registered',
      'version.gated',
      'version.approved',
    ]);

    const encoding = encodingSchema.parse(JSON.parse(await model.read(version.encoding)));
    const evaluation = await evaluationOf(model, 1);
    const smoke = smokeSchema.parse(JSON.parse(await model.read(version.smoke)));
    const baseline = await baselineOf(model, 1);

    expect(baseline).toMatchObject({ model: model.name, datasetId, plan: { runId, problem: 'binary' } });
    expect(baseline.holdout.rows).toBe(evaluation.rows);
    expect(baseline.quality.metrics).toEqual(evaluation.metrics);
    expect(encoding.encodedColumns).toContain('origin');
    expect(evaluation.metrics.auc).toEqual(version.metrics.auc);
    expect(evaluation.rows).toBe(version.dataset.splitRows.holdout);
    expect(evaluation.segments[0]?.column).toBe('origin');
    expect(smoke.rows).toHaveLength(15);
    for (const { features, prediction } of smoke.rows) {
      expect(features.split(',')).toHaveLength(encoding.encodedColumns.length);
      expect(prediction).toHaveLength(1);
    }
  });

  it('of several parts is trained as one', async () => {
    const { event } = await model.commit(january, february);

    expect(await machine.run(event)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await versionOf(model, 1)).dataset.rows).toBe(7000);
  });
});

describe('every problem has its metrics:', () => {
  it('multiclass', async () => {
    const punctuality = "CASE WHEN delay < 0 THEN 'early' WHEN delay <= 15 THEN 'on time' ELSE 'late' END";
    model = await TrainedModel.onboard(region, { name: 'any', problem: 'multiclass', target: 'punctuality' });
    const { event } = await model.commit(
      flightsWith(0, 8000, punctuality, { name: 'punctuality', type: 'string' }),
    );

    expect(await machine.run(event)).toMatchObject({ status: 'SUCCEEDED' });
    const evaluation = await evaluationOf(model, 1);
    expect(Object.keys(evaluation.metrics)).toEqual([
      'logLoss',
      'accuracy',
      'macroPrecision',
      'macroRecall',
      'macroF1',
    ]);
    expect(evaluation.confusion?.classes).toEqual(['early', 'late', 'on time', '(another)']);
    expect(evaluation.metrics.logLoss?.value).toBeLessThan(evaluation.guess.metrics.logLoss ?? 0);
    const { holdout, quality } = await baselineOf(model, 1);
    const predicted = holdout.profile.columns.at(-1)?.categories?.values.map(({ value }) => value);
    expect(predicted).toEqual(['early', 'late', 'on time']);
    expect(quality).toMatchObject({ metric: 'logLoss', calibration: { problem: 'multiclass' } });
  });

  it('regression', async () => {
    model = await TrainedModel.onboard(region, { name: 'any', problem: 'regression', target: 'distance' });
    const { event } = await model.commit(flights(0, 6000));

    expect(await machine.run(event)).toMatchObject({ status: 'SUCCEEDED' });
    const { metrics, confusion } = await evaluationOf(model, 1);
    expect(Object.keys(metrics)).toEqual(['rmse', 'mae', 'r2', 'mape']);
    expect(metrics.r2?.low).toBeGreaterThan(0.5);
    expect(confusion).toBeNull();
    const { quality } = await baselineOf(model, 1);
    expect(quality).toMatchObject({ metric: 'rmse', calibration: { problem: 'regression' } });
  });
});

describe('gates', () => {
  it('reject a model that has learnt nothing, and free it', async () => {
    model = await TrainedModel.onboard(region, { name: 'any', problem: 'binary', target: 'coin' });
    const coin = 'hash(date, origin, destination, distance) % 2';
    const { event } = await model.commit(flightsWith(0, 4000, coin, { name: 'coin', type: 'integer' }));

    const end = await machine.run(event);

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'registered' } });
    expect(await versionOf(model, 1)).toMatchObject({
      status: 'rejected',
      gates: [{ gate: 'beats-a-guess', passed: false }],
      statusReason: expect.stringMatching(/^By auc .* the model is .* than a guess/),
    });
    expect(await model.record()).toMatchObject({ nextVersion: 2, lease: null });
    expect((await model.announced()).slice(1)).toEqual([
      'version.registered',
      'version.gated',
      'version.rejected',
    ]);
  });

  it('compare a second version with the live one on the same rows', async () => {
    await machine.run((await model.commit(january)).event);
    await model.goLive(1);

    const end = await machine.run((await model.commit(january, february)).event);

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    const { comparison, gates } = await evaluationOf(model, 2);
    expect(comparison).toMatchObject({ version: 1, metric: 'auc', improvement: { confidence: 0.95 } });
    expect(comparison?.metrics.auc?.value).toBeGreaterThan(0.5);
    expect(gates).toMatchObject([{ gate: 'beats-a-guess' }, { gate: 'champion' }]);
    expect((await versionOf(model, 2)).comparedWith).toBe(1);
  });

  it('keep the live version if a better one was asked for and this is no better', async () => {
    await machine.run((await model.commit(january)).event);
    await model.goLive(1);
    const { definition } = model;
    await model.redefine({
      ...definition,
      gates: { ...definition.gates, champion: { ...definition.gates.champion, rule: 'better' } },
    });

    await machine.run((await model.commit(january)).event);

    expect(await versionOf(model, 2)).toMatchObject({
      status: 'rejected',
      gates: [{ passed: true }, { gate: 'champion', passed: false }],
    });
    expect(await model.record()).toMatchObject({ liveVersion: 1, lease: null });
  });

  it('do not compare what answers different questions', async () => {
    await machine.run((await model.commit(january)).event);
    await model.goLive(1);
    await model.redefine({ ...model.definition, target: { column: 'delay', above: 60 } });

    await machine.run((await model.commit(january)).event);

    expect(await versionOf(model, 2)).toMatchObject({
      status: 'approved',
      comparedWith: null,
      gates: [
        { passed: true },
        {
          gate: 'champion',
          passed: true,
          message:
            'Not compared with the live version: Version 1 predicts whether delay is above 15 or at most 15, and this one whether delay is above 60 or at most 60.',
        },
      ],
    });
  });

  it('score the live version without a column that is gone, and say so', async () => {
    await machine.run((await model.commit(january)).event);
    await model.goLive(1);
    await model.redefine({ ...model.definition, segments: [], features: { exclude: ['origin'] } });
    const without = january.columns.filter(({ name }) => name !== 'origin');

    await machine.run((await model.commit({ ...january, columns: without })).event);

    const { notes, comparison } = await evaluationOf(model, 2);
    expect(comparison?.version).toBe(1);
    expect(notes).toContainEqual(
      expect.stringMatching(/^Version 1 uses columns .* missing for it: origin\.$/),
    );
  });
});

describe('a value that training cannot hold, in a dataset of an earlier version of Tidemark,', () => {
  it('troubles nobody once the definition excludes its column, although the live version uses it', async () => {
    await machine.run((await model.commit(january)).event);
    await model.goLive(1);
    const sql = `SELECT * REPLACE (CASE WHEN row_number() OVER () % 400 = 0 THEN TIMESTAMP '-infinity' ELSE date END AS date) FROM (${january.sql})`;
    const { event } = await model.commit({ ...january, sql });
    expect(await machine.run(event)).toMatchObject({ errorName: 'UnholdableValueError' });
    await model.redefine({ ...model.definition, features: { exclude: ['date'] } });

    const end = await machine.run({ model: model.name });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect((await evaluationOf(model, 2)).comparison?.version).toBe(1);
  });
});

describe('a run is not repeated', () => {
  it('by a second delivery of the same event', async () => {
    const { event } = await model.commit(january);
    await machine.run(event);

    const end = await machine.run(event);

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'unneeded' } });
    expect(await model.versions()).toHaveLength(1);
  });

  it('by a person, for the same dataset, definition and code', async () => {
    const { event } = await model.commit(january);
    await machine.run(event);
    await model.goLive(1);

    const end = await machine.run({ model: model.name });

    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        outcome: 'unneeded',
        message: expect.stringMatching(/^Version 1 of .*, which is live, was trained/),
      },
    });
  });

  it('but is, by a person, once the definition has changed', async () => {
    const { event } = await model.commit(january);
    await machine.run(event);
    await model.goLive(1);
    await model.redefine({
      ...model.definition,
      training: { ...model.definition.training, hyperparameters: { max_depth: '3' } },
    });

    expect(await machine.run({ model: model.name })).toMatchObject({ output: { outcome: 'registered' } });
    expect((await versionOf(model, 2)).training.hyperparameters.max_depth).toBe('3');
  });

  it('for a dataset that a newer one has overtaken', async () => {
    const older = await model.commit(january);
    const newer = await model.commit(january, february);

    expect(await machine.run(older.event)).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'unneeded', message: expect.stringContaining(newer.datasetId) },
    });
    expect(await model.runs()).toEqual([]);
    expect((await model.record()).lease).toBeNull();
  });
});

describe('a model that somebody has', () => {
  it('is waited for', async () => {
    const { event } = await model.commit(january);
    await model.seize('deployment-1');
    let looks = 0;
    const execution = machine.execution(event, {
      async before(task) {
        if (task === 'StartRun') looks += 1;
        if (looks === 3) await model.leases.release(model.name, 'deployment-1');
      },
    });

    expect(await execution.run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution.states().slice(0, 10)).toEqual([
      'WhatStarted',
      'StartRun',
      'IsStarted',
      'WaitForModel',
      'StartRun',
      'IsStarted',
      'WaitForModel',
      'StartRun',
      'IsStarted',
      'AnnounceStart',
    ]);
  });

  it('is trained once, from the newest dataset, when several wait for it', async () => {
    const events = [
      await model.commit(january),
      await model.commit(february),
      await model.commit(january, february),
    ];
    const newest = events.at(-1)?.datasetId;

    const ends = await Promise.all(events.map(({ event }) => machine.run(event)));

    expect(ends.map((end) => Object(end).output?.outcome).sort()).toEqual([
      'registered',
      'unneeded',
      'unneeded',
    ]);
    expect((await model.versions()).map(({ dataset }) => dataset.datasetId)).toEqual([newest]);
  });
});

describe('a request', () => {
  it.each(typos)('%j that a person types is refused, which alarms nobody', async (request) => {
    expect(await machine.run(request)).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(/^The input is neither/) },
    });
  });

  it.each([
    { title: 'that is none', request: { modell: 'x' }, cause: /neither an event dataset.committed nor like/ },
    {
      title: 'for a model that does not exist',
      request: { model: 'nobody' },
      cause: /no model called nobody/,
    },
  ])('$title is refused and says why', async ({ request, cause }) => {
    expect(await machine.run(request)).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(cause) },
    });
  });

  it('for a model without data, or for a dataset that does not exist, is refused and says why', async () => {
    expect(await machine.run({ model: model.name })).toMatchObject({
      output: {
        outcome: 'refused',
        message: expect.stringMatching(/has no dataset yet\. Put data under incoming/),
      },
    });
    expect(await machine.run({ model: model.name, datasetId: 'ds-0' })).toMatchObject({
      output: { outcome: 'refused', message: expect.stringMatching(/has no dataset ds-0/) },
    });
  });

  it('for an older dataset trains that', async () => {
    const older = await model.commit(january);
    await model.commit(january, february);

    await machine.run({ model: model.name, datasetId: older.datasetId });

    expect((await versionOf(model, 1)).dataset.datasetId).toBe(older.datasetId);
  });
});

describe('an image of one’s own', () => {
  it('gets the hyperparameters of the definition and no others, and is recorded with its digest', async () => {
    const training = { image: oddImage('answers'), hyperparameters: { depth: 3 } };
    model = await TrainedModel.onboard(region, { ...lateFlights, training });
    const { event } = await model.commit(january);

    expect(await machine.run(event)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await versionOf(model, 1)).training).toMatchObject({
      image: expect.stringMatching(/\/odd@sha256:[0-9a-f]{64}$/),
      imageDigest: expect.stringMatching(/^sha256:/),
      hyperparameters: { depth: '3' },
    });
  });
});
