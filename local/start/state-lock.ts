import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivate } from '../store/private-directory.ts';
import { UserError } from './user-error.ts';

/**
 * Takes the state directory for this process. A lock whose process is gone is taken over.
 * @returns a function that gives it back.
 * @throws UserError when another start is using it.
 */
export function lockState(stateDirectory: string): () => void {
  makePrivate(stateDirectory);
  const file = join(stateDirectory, 'lock');
  if (!tryLock(file)) {
    const owner = ownerOf(file);
    if (owner !== undefined && isRunning(owner)) {
      throw new UserError(
        `Tidemark is already running on ${stateDirectory} (process ${owner}): stop it first, or choose another directory with --state.`,
      );
    }
    rmSync(file, { force: true });
    if (!tryLock(file)) throw new UserError(`Another start has just taken ${stateDirectory}: try again.`);
  }
  return () => rmSync(file, { force: true });
}

function tryLock(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, `${process.pid}\n`);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(file: string): number | undefined {
  const pid = Number(readFileSync(file, 'utf8'));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
