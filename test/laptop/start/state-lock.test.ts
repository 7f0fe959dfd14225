import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../../../laptop/start/start-error.ts';
import { lockState } from '../../../laptop/start/state-lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('lockState', () => {
  it('makes the state directory', () => {
    lockState(join(directory, 'deep', 'state'))();
  });

  it('refuses a second start while the first runs, and names it', () => {
    lockState(directory);

    const second = () => lockState(directory);

    expect(second).toThrow(StartError);
    expect(second).toThrow(`process ${process.pid}`);
    expect(second).toThrow(join(directory, 'lock'));
  });

  it('can be taken again when it was given back', () => {
    lockState(directory)();

    expect(() => lockState(directory)).not.toThrow();
  });

  it('is taken over from a process that is gone', async () => {
    const gone = spawn(process.execPath, ['--eval', '']);
    await once(gone, 'exit');
    write({ pid: gone.pid, started: null });

    expect(() => lockState(directory)).not.toThrow();
    expect(() => lockState(directory)).toThrow(`process ${process.pid}`);
  });

  it('is taken over when another process has the id by now', () => {
    write({ pid: process.pid, started: 'another boot 12' });

    expect(() => lockState(directory)).not.toThrow();
  });

  it('is held where the system does not say when a process started', () => {
    write({ pid: process.pid, started: null });

    expect(() => lockState(directory)).toThrow(StartError);
  });

  it.each(['', '1\n', '{"pid":1', 'null'])(
    'is taken over when it holds %j, which no start writes',
    (text) => {
      writeFileSync(join(directory, 'lock'), text);

      expect(() => lockState(directory)).not.toThrow();
    },
  );

  it('has its directory to itself', () => {
    lockState(directory);

    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toEqual(['lock']);
  });
});

const write = (owner: object) => writeFileSync(join(directory, 'lock'), JSON.stringify(owner));
