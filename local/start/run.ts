import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Screen } from '../progress/screen.ts';
import type { StartArguments } from './arguments.ts';
import { blank } from './report-lines.ts';
import { lockState } from './state-lock.ts';
import { step } from './steps.ts';
import { prepareSubject } from './subject.ts';
import { synthesise } from './synthesis.ts';

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that `npm start` does. @returns the exit code. @throws UserError */
export async function run(args: StartArguments, screen: Screen, signal: AbortSignal): Promise<number> {
  const stateDirectory = resolve(args.stateDirectory);
  const unlock = lockState(stateDirectory);
  try {
    if (args.fresh) forget(stateDirectory);
    printTitle(screen);
    const subject = await prepareSubject(args.subject, { projectDirectory, stateDirectory });
    const assemblyDirectory = join(stateDirectory, 'assembly');
    // Loads beside the synthesis, which is another process.
    const loading = import('./run-region.ts');
    await step(
      screen,
      'Synthesise the CDK app',
      () => synthesise({ projectDirectory, assemblyDirectory, signal }),
      (result) => (result === 'unchanged' ? 'nothing has changed' : ''),
    );
    signal.throwIfAborted();
    const { runRegion } = await loading;
    return await runRegion({ args, screen, signal, subject, stateDirectory, assemblyDirectory });
  } catch (error) {
    // Interrupted on the way: nothing to say, and everything is where it was.
    if (signal.aborted) return 0;
    throw error;
  } finally {
    screen.close();
    unlock();
  }
}

/** All but the lock, which is ours. */
function forget(stateDirectory: string): void {
  for (const name of readdirSync(stateDirectory)) {
    if (name !== 'lock') rmSync(join(stateDirectory, name), { recursive: true, force: true });
  }
}

function printTitle(screen: Screen): void {
  screen.print(
    blank,
    [
      { text: '  Tidemark', style: 'bold' },
      {
        text: ', in a local region: the templates, state machines and functions that cdk deploy ships',
        style: 'dim',
      },
    ],
    blank,
  );
}
