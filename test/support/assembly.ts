import { setTimeout as delay } from 'node:timers/promises';
import { lockState } from '../../local/start/state-lock.ts';
import { synthesise } from '../../local/start/synthesis.ts';
import { UserError } from '../../local/start/user-error.ts';

const directory = 'build/test-assembly';

/** The synthesised app, made once for all test files while its sources stay the same. @returns its directory. */
export async function synthesisedAssembly(): Promise<string> {
  const unlock = await lockWhenFree();
  try {
    const assemblyDirectory = `${directory}/cloud-assembly`;
    await synthesise({ projectDirectory: process.cwd(), assemblyDirectory });
    return assemblyDirectory;
  } finally {
    unlock();
  }
}

/** Test files run in processes of their own; the first to come synthesises, the others wait. */
async function lockWhenFree(): Promise<() => void> {
  for (;;) {
    try {
      return lockState(directory);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await delay(100);
    }
  }
}
