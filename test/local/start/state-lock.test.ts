import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockState } from '../../../local/start/state-lock.ts';
import { UserError } from '../../../local/start/user-error.ts';

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

    expect(second).toThrow(UserError);
    expect(second).toThrow(`process ${process.pid}`);
  });

  it('can be taken again when it was given back', () => {
    lockState(directory)();

    expect(() => lockState(directory)).not.toThrow();
  });

  it('is taken over from a process that is gone', async () => {
    const gone = spawn(process.execPath, ['--eval', '']);
    await once(gone, 'exit');
    writeFileSync(join(directory, 'lock'), `${gone.pid}\n`);

    expect(() => lockState(directory)).not.toThrow();
    expect(() => lockState(directory)).toThrow(`process ${process.pid}`);
  });

  it('is taken over when it names nobody', () => {
    writeFileSync(join(directory, 'lock'), '');

    expect(() => lockState(directory)).not.toThrow();
  });
});
