import { openScreen } from '../progress/screen.ts';
import { readArguments } from './arguments.ts';
import { help } from './help.ts';
import { UserError } from './user-error.ts';

/** What a shell reports for a program that Ctrl-C has ended: 128 + 2, the number of SIGINT. */
const interruptedExitCode = 130;

/** Runs the command line. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const screen = openScreen();
  try {
    const args = readArguments(argv);
    if (args === 'help') {
      process.stdout.write(help);
      return 0;
    }
    // The AWS SDK and all services take a while to load: not for a mistyped flag.
    const { run } = await import('./run.ts');
    return await run(args, screen, interruption());
  } catch (error) {
    screen.close();
    if (error instanceof UserError) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

/** Aborted by the first Ctrl-C or request to end; the second ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(interruptedExitCode);
      controller.abort();
    });
  }
  return controller.signal;
}
