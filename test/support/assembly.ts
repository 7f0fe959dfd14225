import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sourceHash } from '../../laptop/start/source-hash.ts';
import { StartError } from '../../laptop/start/start-error.ts';
import { lockState } from '../../laptop/start/state-lock.ts';
import { synthesise } from '../../laptop/start/synthesis.ts';

/** Outlives a run: another run, or one after an edit, replaces what is in it. */
const sharedDirectory = 'build/test-assembly';

/**
 * Where each run has its own copies, below the checkout: handlers then find what layers hold in `node_modules`, without hooks that slow
 * their start. A run has the name of its temporary folder.
 */
const runsDirectory = join(sharedDirectory, 'runs');

/** Somebody may be editing sources, and an assembly that is made meanwhile be of neither state. Who goes on editing gets one all the same. */
const maximumAttempts = 2;

/**
 * The synthesised app, made once for all test files while its sources stay the same.
 * @returns its directory, the run's own: what other runs synthesise meanwhile does not change it.
 */
export async function synthesisedAssembly(): Promise<string> {
  const unlock = await lockWhenFree();
  try {
    for (let attempt = 1; ; attempt += 1) {
      const own = ownDirectory();
      if (existsSync(own)) return own;
      const assemblyDirectory = join(sharedDirectory, 'cloud-assembly');
      await synthesise({ projectDirectory: process.cwd(), assemblyDirectory });
      if (own === ownDirectory() || attempt === maximumAttempts) return await copied(assemblyDirectory, own);
    }
  } finally {
    unlock();
  }
}

/** A name for every state of the sources. */
function ownDirectory(): string {
  return join(runsDirectory, basename(tmpdir()), sourceHash(process.cwd()).slice(0, 16));
}

/** There is all of it or nothing, also when the copying is interrupted. */
async function copied(from: string, to: string): Promise<string> {
  removeThoseOfFinishedRuns();
  const draft = `${to}.${process.pid}`;
  mkdirSync(dirname(to), { recursive: true });
  await cp(from, draft, { recursive: true });
  renameSync(draft, to);
  return to;
}

function removeThoseOfFinishedRuns(): void {
  mkdirSync(runsDirectory, { recursive: true });
  for (const run of readdirSync(runsDirectory)) {
    if (existsSync(join(dirname(tmpdir()), run))) continue;
    rmSync(join(runsDirectory, run), { recursive: true, force: true });
  }
}

/** Test files run in processes of their own; the first to come synthesises, the others wait. */
async function lockWhenFree(): Promise<() => void> {
  for (;;) {
    try {
      return lockState(sharedDirectory);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      await delay(100);
    }
  }
}
