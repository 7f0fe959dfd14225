import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivate } from '@tidemark/region/host';
import * as z from 'zod';
import { processStart } from './process-identity.ts';
import { StartError } from './start-error.ts';

const ownerSchema = z.object({
  pid: z.int().positive(),
  /** As `processStart` says it; `null` where the system does not. */
  started: z.string().nullable(),
});
type Owner = z.infer<typeof ownerSchema>;

/**
 * Takes the state directory for this process. A lock whose process is gone is taken over, also when another process has its id by now.
 * @returns a function that gives it back.
 * @throws StartError when another start is using it.
 */
export function lockState(stateDirectory: string): () => void {
  makePrivate(stateDirectory);
  const file = join(stateDirectory, 'lock');
  if (!tryLock(file)) {
    const owner = ownerOf(file);
    if (owner && isRunning(owner)) {
      throw new StartError(
        `Tidemark is already running on ${stateDirectory} (process ${owner.pid}, by ${file}): stop it first, or choose another directory with --state.`,
      );
    }
    rmSync(file, { force: true });
    if (!tryLock(file)) throw new StartError(`Another start has just taken ${stateDirectory}: try again.`);
  }
  return () => rmSync(file, { force: true });
}

/** The lock appears with its content or not at all. */
function tryLock(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  const owner: Owner = { pid: process.pid, started: processStart(process.pid) ?? null };
  writeFileSync(draft, JSON.stringify(owner));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** No owner, if the file is not one that a start has written. */
function ownerOf(file: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function isRunning({ pid, started }: Owner): boolean {
  const now = processStart(pid);
  if (started !== null && now !== undefined) return started === now;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
