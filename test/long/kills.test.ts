import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endOf, makeSmallModel, makeState, type SmallModel, startOf } from '../support/small-model.ts';

/**
 * `KILLS=all` kills after every printed line and at 300 random moments, which takes an hour or two; a number is how many random kills
 * there are. Each is printed with what it can be repeated by.
 */
const asked = process.env.KILLS ?? '10';
const isAll = asked === 'all';
const randomKills = isAll ? 300 : Number(asked);
/** Some start is let through after so many kills, and must end as the reference. */
const killsInARow = 5;
/** Starts of this small model are over after less, on a machine of two cores that does nothing else. */
const longestSeconds = 20;

let model: SmallModel;
let pristine: string;
let reference: unknown;
let lines: number;
beforeAll(async () => {
  model = makeSmallModel();
  pristine = await makeState(model, 'pristine');
  const state = freshState('reference');
  const { exitCode, stdout } = await startOf(model, state).over;
  expect(exitCode).toBe(0);
  reference = endOf(state);
  lines = stdout.split('\n').length - 1;
}, 300_000);
afterAll(() => rmSync(model.directory, { recursive: true, force: true }));

function freshState(name: string): string {
  const state = join(model.directory, name);
  cpSync(pristine, state, { recursive: true });
  return state;
}

async function mustEndAsTheReference(state: string, what: string): Promise<void> {
  const { exitCode, stderr, stdout } = await startOf(model, state).over;
  expect({ exitCode, stderr, end: endOf(state) }, `${what}\n${stdout}`).toEqual({
    exitCode: 0,
    stderr: '',
    end: reference,
  });
}

it('a start that was killed after any printed line is gone on with', { timeout: 7_200_000 }, async () => {
  // Without KILLS=all every 15th line.
  for (let number = 1; number <= lines; number += isAll ? 1 : 15) {
    const state = freshState(`line-${number}`);
    const start = startOf(model, state);
    const line = await start.line(number);
    start.signal('SIGKILL');
    await start.over;

    await mustEndAsTheReference(state, `killed after line ${number}: ${line}`);
    rmSync(state, { recursive: true });
  }
});

it('a start that was killed at random moments, again and again, is gone on with', {
  timeout: 7_200_000,
}, async () => {
  for (let kills = 0; kills < randomKills; kills += killsInARow) {
    const state = freshState(`random-${kills}`);
    const moments = Array.from({ length: killsInARow }, () =>
      Math.round(Math.random() * longestSeconds * 1000),
    );
    for (const moment of moments) {
      const start = startOf(model, state);
      await Promise.race([delay(moment), start.over]);
      start.signal('SIGKILL');
      const { stderr } = await start.over;
      expect(stderr, `killed after ${moments.join(', ')} ms`).toBe('');
    }

    await mustEndAsTheReference(state, `killed after ${moments.join(', ')} ms`);
    rmSync(state, { recursive: true });
  }
});
