import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whose a directory is: `tidemark-scratch-<process id>-<random>`. */
const namePattern = /^tidemark-scratch-(?<processId>\d+)-/;
const inUse = new Set<string>();

/**
 * Lends an empty directory on scratch disk, then removes it. First it removes those of processes that have ended: when a function
 * runs out of time or memory, Lambda starts a new process in the same environment and leaves /tmp as it is, so what the retry needs
 * would be taken.
 */
export async function withScratchDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  await removeLeftOvers();
  // At once, so that no process finds a directory of this one that is not yet known to be in use.
  const directory = mkdtempSync(join(tmpdir(), `tidemark-scratch-${process.pid}-`));
  inUse.add(directory);
  try {
    return await use(directory);
  } finally {
    inUse.delete(directory);
    await remove(directory);
  }
}

async function removeLeftOvers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const processId = namePattern.exec(name)?.groups?.processId;
    const directory = join(tmpdir(), name);
    if (processId !== undefined && !inUse.has(directory) && hasEnded(Number(processId)))
      await remove(directory);
  }
}

/** A new process in an old environment may have the number of the one before. */
function hasEnded(processId: number): boolean {
  if (processId === process.pid) return true;
  try {
    // Signal 0 only asks.
    process.kill(processId, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function remove(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}
