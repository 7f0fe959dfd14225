import { cpSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  endOf,
  makeSmallModel,
  makeState,
  processesIn,
  type SmallModel,
  startOf,
} from '../support/small-model.ts';

let model: SmallModel;
let state: string;
beforeAll(async () => {
  model = makeSmallModel();
  state = await makeState(model, 'state');
});
afterAll(() => rmSync(model.directory, { recursive: true, force: true }));

// One story: each test goes on where the one before has ended.
describe('npm start, killed', () => {
  it('after any of several lines, goes on each time, and ends as one that was not', {
    timeout: 300_000,
  }, async () => {
    for (const text of [
      'Start the region',
      'dropped into the data bucket',
      'onboard   OnboardDefinition',
      'incoming/churn/customers.csv  ',
      'training.started',
      'deploy    StartDeployment',
    ]) {
      const start = startOf(model, state);
      await start.printed(text);
      start.signal('SIGKILL');
      await start.over;
      await expect.poll(() => processesIn(model.directory)).toEqual([]);
    }

    const { exitCode, stderr, stdout } = await startOf(model, state).over;

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('of churn is live');
    expect(endOf(state)).toMatchObject({
      success: true,
      liveVersion: 1,
      outcome: 'deployment.succeeded',
      versions: [{ version: 1, status: 'live', dataset: { rows: 400 } }],
    });
  });

  it.each(['clock.json', 'cloudformation/stacks.json', 's3/records/CURRENT', 'dynamodb/CURRENT'])(
    'with half of %s left, says which file cannot be read and what to do',
    async (name) => {
      const copy = join(model.directory, `spoilt-${name.replaceAll('/', '-')}`);
      cpSync(state, copy, { recursive: true, filter: (path) => !path.endsWith('/lock') });
      const file = join(copy, 'region', name);
      truncateSync(file, Math.floor(statSync(file).size / 2));

      const { exitCode, stderr } = await startOf(model, copy).over;

      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^[^\n]+ cannot be read: [^\n]+ --fresh [^\n]+\n$/);
      expect(stderr).toContain(join(copy, 'region', name.split('/')[0] ?? ''));
    },
  );
});
