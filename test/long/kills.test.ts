import { cpSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { seededUniform } from '@tidemark/statistics/metrics/random.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { isFull } from '../support/long-size.ts';
import {
  endOf,
  type KillMoment,
  makeSmallModel,
  makeState,
  processesIn,
  type SmallModel,
  startKilledAt,
  startOf,
} from '../support/small-model.ts';
import type { StartResult } from '../support/start-process.ts';

/**
 * Full: after every printed line, after every call that changes state, and at 300 random moments, which takes hours. `KILLS` is another
 * number of each, spread evenly, and `SEED` chooses other moments. A kill that goes wrong is told with what it can be repeated by.
 */
const { KILLS, SEED } = z
  .object({ KILLS: z.coerce.number().int().positive().optional(), SEED: z.coerce.number().int().default(1) })
  .parse(process.env);
const random = seededUniform(SEED);
const mostPoints = KILLS ?? (isFull ? Number.POSITIVE_INFINITY : 3);
const randomKills = KILLS ?? (isFull ? 300 : 6);
/** A kill between two calls comes this much later at most: the longest that a start waits for anything but a function. */
const longestDelayMilliseconds = 1_000;
/** Of some fifty that there are after the region is made. */
const callsAStart = 8;
const hours = 4 * 3_600_000;

let model: SmallModel;
let pristine: string;
let reference: unknown;
let lines: number;
let calls: readonly string[];
beforeAll(async () => {
  model = makeSmallModel();
  pristine = await makeState(model, 'pristine');
  const state = freshState('reference');
  const counted = startKilledAt(model, state);
  const { exitCode, stdout } = await counted.start.over;
  expect(exitCode).toBe(0);
  reference = endOf(state);
  lines = stdout.split('\n').length - 1;
  calls = counted.calls();
}, 600_000);
afterAll(() => {
  const left = readdirSync(tmpdir()).filter((name) => !isOfTests(name));
  rmSync(model.directory, { recursive: true, force: true });
  // Who was killed cannot clear up after itself, so nothing may need it.
  expect(left).toEqual([]);
});

/** `tsx` keeps what it has compiled. */
const isOfTests = (name: string) => name === basename(model.directory) || name.startsWith('tsx-');

function freshState(name: string): string {
  const state = join(model.directory, name);
  cpSync(pristine, state, { recursive: true });
  return state;
}

async function mustEndAsTheReference(state: string, what: string): Promise<void> {
  mustBeTheReference(state, await startOf(model, state).over, what);
}

function mustBeTheReference(state: string, { exitCode, stderr, stdout }: StartResult, what: string): void {
  expect({ exitCode, stderr, end: endOf(state) }, `${what}\n${stdout}`).toEqual({
    exitCode: 0,
    stderr: '',
    end: reference,
  });
  rmSync(state, { recursive: true });
}

async function mustLeaveNoProcess(what: string): Promise<void> {
  await expect.poll(() => processesIn(model.directory), { message: what }).toEqual([]);
}

/** Of so many points all, or as many as were asked for, evenly. */
function chosen(points: number): number[] {
  const count = Math.min(points, mostPoints);
  return Array.from({ length: count }, (_, index) => 1 + Math.floor(((index + 0.5) * points) / count));
}

it('a start that was killed after any printed line is gone on with', { timeout: hours }, async () => {
  for (const number of chosen(lines)) {
    const state = freshState(`line-${number}`);
    const start = startOf(model, state);
    const line = await start.line(number);
    start.signal('SIGKILL');
    await start.over;
    const what = `killed after line ${number}: ${line}`;
    await mustLeaveNoProcess(what);

    await mustEndAsTheReference(state, what);
  }
});

it('a start that was killed after any call that changes state is gone on with', {
  timeout: hours,
}, async () => {
  for (const call of chosen(calls.length)) {
    const state = freshState(`call-${call}`);
    const killed = startKilledAt(model, state, { call, delayMilliseconds: 0 });
    const { stderr } = await killed.start.over;
    const what = `killed after call ${call}, ${killed.calls().at(-1)}`;
    expect(stderr, what).toBe('');
    await mustLeaveNoProcess(what);

    await mustEndAsTheReference(state, what);
  }
});

it('a start that was killed at random moments, again and again, is gone on with', {
  timeout: hours,
}, async () => {
  for (let [kills, chain] = [0, 1]; kills < randomKills; chain += 1) {
    const moments = await killUntilOver(`random-${chain}`, randomKills - kills);
    kills += moments.length;
    console.info(
      `${kills} of ${randomKills} random kills; run ${chain} was killed ${moments.join('; then ')}`,
    );
  }
});

/**
 * Half of them while the region is being made, which takes more than half of the calls of every start; the others soon after, so that a
 * start does a little of the work, and the next one has the rest to do.
 */
function randomMoment(): KillMoment {
  const delayMilliseconds = Math.floor(random() * longestDelayMilliseconds);
  const made = calls.findIndex((call) => call.startsWith('s3 '));
  const call = random() < 0.5 ? random() * made : made + random() * callsAStart;
  return { call: Math.floor(call), delayMilliseconds };
}

/**
 * Each start goes on from the kill before it, until one is over before its moment, or was the last to be killed.
 * @returns when it was killed.
 */
async function killUntilOver(name: string, mostKills: number): Promise<string[]> {
  const state = freshState(name);
  const moments: string[] = [];
  while (moments.length < mostKills) {
    const moment = randomMoment();
    const killed = startKilledAt(model, state, moment);
    const result = await killed.start.over;
    const told = `killed ${moments.join('; then ')}`;
    await mustLeaveNoProcess(told);
    if (result.exitCode !== null) {
      mustBeTheReference(state, result, told);
      return moments;
    }
    moments.push(
      `${moment.delayMilliseconds} ms after call ${moment.call}, ${killed.calls().at(-1) ?? 'none'}`,
    );
    expect(result.stderr, `killed ${moments.join('; then ')}`).toBe('');
  }
  await mustEndAsTheReference(state, `killed ${moments.join('; then ')}`);
  return moments;
}
