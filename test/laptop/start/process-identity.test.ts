import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parentOf, processStart } from '../../../laptop/start/process-identity.ts';

describe('processStart', () => {
  it('is the same at every look, and another for another process', async () => {
    const child = spawn(process.execPath, ['--eval', 'setTimeout(() => undefined, 60_000)']);
    const pid = child.pid ?? 0;

    expect(processStart(process.pid)).toBe(processStart(process.pid));
    expect(processStart(pid)).toBeDefined();
    expect(processStart(pid)).not.toBe(processStart(process.pid));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(processStart(pid)).toBeUndefined();
  });
});

describe('parentOf', () => {
  it('names the parent of a process, and the program that it is', async () => {
    const shell = spawn('sh', ['-c', 'sleep 60; true']);

    await expect.poll(() => parentOf(shell.pid ?? 0)).toEqual({ parent: process.pid, command: 'sh' });
    shell.kill('SIGKILL');
  });

  it('says nothing of a process that is gone', async () => {
    const gone = spawn(process.execPath, ['--eval', '']);
    await once(gone, 'exit');

    expect(parentOf(gone.pid ?? 0)).toBeUndefined();
  });
});
