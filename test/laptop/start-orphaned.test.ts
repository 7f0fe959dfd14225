import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processesOf } from '../../bench/process-memory.ts';
import { makeSmallModel, makeState, processesIn, type SmallModel } from '../support/small-model.ts';

let model: SmallModel;
let state: string;
beforeAll(async () => {
  model = makeSmallModel();
  state = await makeState(model, 'state');
});
afterAll(() => rmSync(model.directory, { recursive: true, force: true }));

/** `npm start`, with npm. */
function npmStart(): { npm: ChildProcess; printed: (text: string) => Promise<void> } {
  const args = ['start', '--silent', '--', '--speed', '600', '--state', state];
  const npm = spawn('npm', [...args, '--definition', model.definition, '--data', model.data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  npm.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const printed = async (text: string) => {
    await expect.poll(() => stdout, { timeout: 90_000 }).toContain(text);
  };
  return { npm, printed };
}

/** npm, the shell in which it runs the script if that stays, and the program itself. */
function chainOf(npm: number): { npm: number; shell: number | undefined; node: number } {
  const children = processesOf(npm);
  const node = children.find(
    ({ command }) => command.includes('laptop/launch.mjs') && !command.startsWith('sh '),
  );
  const shell = children.find(({ command }) => command.startsWith('sh '));
  if (!node) throw new Error('npm runs nothing.');
  return { npm, shell: shell?.pid, node: node.pid };
}

// The first goes through the first training and deployment, so that there are jobs and endpoints; the others go on from there.
it.each([
  ['npm', 'SIGKILL'],
  ['npm', 'SIGTERM'],
  ['shell', 'SIGTERM'],
  ['shell', 'SIGKILL'],
  ['node', 'SIGTERM'],
  ['node', 'SIGKILL'],
] as const)('when %s gets %s, no process is left', { timeout: 180_000 }, async (victim, signal) => {
  const { npm, printed } = npmStart();
  await printed('Start the region');
  await printed('incoming/churn/customers.csv');
  const chain = chainOf(npm.pid ?? 0);
  const pid = chain[victim];
  // Some shells become the command that they are given.
  if (pid !== undefined) process.kill(pid, signal);
  else npm.kill(signal);

  await expect.poll(() => processesIn(model.directory)).toEqual([]);
  expect(isAlive(chain.node)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
