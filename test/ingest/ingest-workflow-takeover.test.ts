import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import type { Meddle } from '../support/machine.ts';
import { IngestRegion } from './ingest-region.ts';
import { lateFlights } from './late-flights.ts';

let region: IngestRegion;
beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());

const quiet = { ingestion: { complete: 'quiet-period' } };
const bad = 'flight,origin,distance,late\n1,2\n';

/** A function that is not there for anybody, or whose answers are lost. */
function broken(task: string, when: 'before' | 'after'): Meddle {
  const fail = (name: string) => {
    if (name === task) throw new StateError('Lambda.Unknown', 'The function crashed.');
  };
  return { [when]: fail };
}

const functions = [
  'ClaimArrival',
  'CloseBatch',
  'ValidateFiles',
  'JudgeBatch',
  'CommitDataset',
  'QuarantineFiles',
];

/** Runs the executions at the same time, and those that their failures start, as EventBridge does. @returns what the last ones left */
async function runAll(inputs: readonly unknown[], meddles: readonly Meddle[]): Promise<unknown[]> {
  let left = [...inputs];
  for (const meddle of meddles) {
    const ends = await Promise.all(left.map((input) => region.attempt(input, meddle)));
    left = ends.filter((end) => end !== undefined);
  }
  return left;
}

const healthy: Meddle = {};

describe('when executions have failed for good', () => {
  it.each(
    functions.flatMap((name) => [
      { name, when: 'before' as const },
      { name, when: 'after' as const },
    ]),
  )('at $name, $when it has run, and again, others do their work once', async ({ name, when }) => {
    const model = await region.newFileModel(quiet);
    const arrivals = [
      await region.drop(model, 'a.csv', lateFlights(0, 100)),
      await region.drop(model, 'bad.csv', bad),
    ];
    const fault = broken(name, when);

    const left = await runAll(arrivals, [fault, fault, healthy]);

    expect(left).toEqual([]);
    expect(await region.openBatch(model)).toBeUndefined();
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
    expect(await region.list(`incoming/${model}/`)).toEqual([`incoming/${model}/a.csv`]);
    expect(await region.list(`quarantine/${model}/`)).toContainEqual(
      expect.stringMatching(/files\/bad\.csv$/),
    );
    const told = new Map((await region.events(model)).map(({ type, detail }) => [detail.eventId, type]));
    expect([...told.values()].toSorted()).toEqual(['data.rejected', 'dataset.committed']);
  });

  it('what waits for a new model is taken up in spite of it', async () => {
    const name = region.newModel();
    await region.attempt(await region.drop(name, 'early.csv', lateFlights(0, 100)));
    const onboarded = await region.onboard({
      name,
      problem: 'binary',
      target: 'late',
      ingestion: { minimumRows: 50 },
    });

    const left = await runAll([onboarded], [broken('CollectFiles', 'after'), healthy]);

    expect(left).toEqual([]);
    expect(await region.openBatch(name)).toBeUndefined();
    expect(await region.dataset(name)).toMatchObject({ rows: 100 });
  });

  it('three others try, and then a person is told', async () => {
    const model = await region.newFileModel(quiet);
    const arrival = await region.drop(model, 'a.csv', lateFlights(0, 100));
    const failed = await region.attempt(arrival, broken('CloseBatch', 'before'));
    const failedAgain = (input: unknown) => ({
      ...Object(failed),
      detail: { ...Object(failed).detail, executionArn: 'another', input: JSON.stringify(input) },
    });

    const last = await region.run(failedAgain(failedAgain(failedAgain(failed))));

    expect(last).toMatchObject({
      status: 'SUCCEEDED',
      output: { message: expect.stringMatching(/^4 executions have failed .* See docs\/runbook\.md/) },
    });
  });
});

describe('an execution that somebody has stopped', () => {
  const stopped = (failure: unknown) => {
    const { detail } = Object(failure);
    return { ...Object(failure), detail: { ...detail, status: 'ABORTED', error: null } };
  };

  it('has its open batch closed', async () => {
    const model = await region.newFileModel(quiet);
    const arrival = await region.drop(model, 'a.csv', lateFlights(0, 100));

    await region.run(stopped(await region.attempt(arrival, broken('CloseBatch', 'before'))));

    expect(await region.openBatch(model)).toBeUndefined();
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
  });

  it('has a closed one left alone', async () => {
    const model = await region.newFileModel(quiet);
    const arrival = await region.drop(model, 'a.csv', lateFlights(0, 100));

    const end = await region.run(stopped(await region.attempt(arrival, broken('ValidateFiles', 'before'))));

    expect(end).toMatchObject({
      output: { message: expect.stringMatching(/is not repeated, as it was stopped/) },
    });
    expect(await region.dataset(model)).toBeUndefined();
  });
});

it('an arrival whose batch another one closed is left to that one', async () => {
  const model = await region.newFileModel(quiet);
  const first = await region.drop(model, 'a.csv', lateFlights(0, 100));
  const second = await region.drop(model, 'b.csv', lateFlights(100, 200));
  const [failed] = await Promise.all([
    region.attempt(first, broken('CloseBatch', 'before')),
    region.attempt(second),
  ]);

  const end = await region.run(failed);

  expect(end.states).not.toContain('ValidateFiles');
  expect(await region.dataset(model)).toMatchObject({ rows: 200 });
});
