import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { selectFlights } from '../laptop/start/sample-flights.ts';
import { ProductUser } from './support/product-user.ts';
import { type RegionUnderTest, startRegion } from './support/region.ts';

/** An image of one's own whose training fails as the container contract has it: a failure file, and an exit code. */
const brokenImage = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/broken:1';
const brokenContainer = `
const { writeFileSync, mkdirSync } = require('node:fs');
mkdirSync('output', { recursive: true });
writeFileSync('output/failure', 'the tide is out');
process.exit(1);
`;

let directory: string;
let subject: RegionUnderTest;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-adversity-'));
  await selectFlights(path('day.parquet'), { from: '2001-01-03', until: '2001-01-04' });
  writeFileSync(path('broken.cjs'), brokenContainer);
  subject = await startRegion({ images: { [brokenImage]: [process.execPath, path('broken.cjs')] } });
});
afterAll(async () => {
  await subject.stop();
  rmSync(directory, { recursive: true, force: true });
});

const path = (name: string) => join(directory, name);

async function onboard(model: string, training: string): Promise<ProductUser> {
  const user = new ProductUser(subject.region, model);
  const lines = [
    `name: ${model}`,
    'problem: binary',
    'target: { column: delay, above: 15 }',
    `training: ${training}`,
    ...(training.includes('image') ? ['deployment: { kind: instance }'] : []),
  ];
  writeFileSync(path(`${model}.yaml`), lines.join('\n'));
  await user.dropDefinition(path(`${model}.yaml`));
  await user.event('model.onboarded');
  return user;
}

async function isTraining(user: ProductUser): Promise<void> {
  for (;;) {
    const executions = await user.clients.executions.list();
    const steps = executions.filter(({ capability }) => capability === 'train').flatMap(({ steps }) => steps);
    if (steps.some(({ name, status, task }) => name === 'TrainModel' && status === 'running' && task)) return;
    await delay(50);
  }
}

it('goes on where it was when the region is stopped in the middle of a training', async () => {
  const user = await onboard('interrupted', '{ hyperparameters: { num_round: 40 } }');
  await user.dropData('day.parquet', path('day.parquet'));
  await isTraining(user);

  await subject.restart();
  const later = new ProductUser(subject.region, 'interrupted');
  await later.event('deployment.succeeded');

  expect(await later.record()).toMatchObject({ liveVersion: 1, lease: null });
  expect((await later.eventTypes()).filter((type) => type === 'training.started')).toHaveLength(1);
  expect(await later.versions()).toMatchObject([{ version: 1, status: 'live' }]);
});

it('tells why a training failed, frees the model, and registers nothing', async () => {
  const user = await onboard('broken', `{ image: '${brokenImage}' }`);
  await user.dropData('day.parquet', path('day.parquet'));

  const failed = await user.event('training.failed');
  await user.atRest();

  // What a container said may quote the data: it is with the run and not in the event.
  expect(failed.detail.message).toContain('What it said is kept with the run.');
  expect(failed.detail.message).not.toContain('the tide is out');
  const run = await user.run(failed.detail.runId);
  expect(run.failure?.said).toContain('the tide is out');
  expect(await user.record()).toMatchObject({ liveVersion: null, lease: null });
  expect(await user.versions()).toEqual([]);
});
