import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'orphaned-'));
  const module = JSON.stringify(fileURLToPath(new URL('../../../laptop/start/orphaned.ts', import.meta.url)));
  const script = `
import { whenOrphaned } from ${module};
whenOrphaned(() => { console.log('orphaned'); process.exit(); });
setInterval(() => undefined, 1000);
console.log('waiting');`;
  writeFileSync(join(directory, 'script.ts'), script);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A process in npm's place that runs the script as npm does, by a shell that stays or one that becomes the command. */
function start(command: string, environment: NodeJS.ProcessEnv) {
  const node = `${process.execPath} --import ${import.meta.resolve('tsx')} ${join(directory, 'script.ts')}`;
  const inNpmsPlace = `
    const child = require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(command.replace('NODE', node))}], { stdio: 'inherit' });
    child.on('exit', () => process.exit());`;
  const { npm_lifecycle_event: _, ...own } = process.env;
  const child = spawn(process.execPath, ['--eval', inNpmsPlace], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...own, ...environment },
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return { child, printed: () => printed };
}

it.each([
  ['stays', 'NODE; true'],
  ['becomes the command', 'exec NODE'],
])('a start whose npm is killed notices, where the shell %s', async (_title, command) => {
  const { child, printed } = start(command, { npm_lifecycle_event: 'start' });
  await expect.poll(printed).toBe('waiting\n');

  child.kill('SIGKILL');

  await expect.poll(printed).toBe('waiting\norphaned\n');
});
