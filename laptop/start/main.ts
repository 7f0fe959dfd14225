import { resolve } from 'node:path';
import { openScreen } from '../progress/screen.ts';
import { readArguments } from './arguments.ts';
import { help } from './help.ts';
import { interruption } from './interrupt-signal.ts';
import { mendable } from './mendable.ts';

/** Runs the command line. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const screen = openScreen();
  let stateDirectory: string | undefined;
  const failed = (error: unknown): number => {
    screen.close();
    const known = mendable(error, stateDirectory);
    if (!known) throw error;
    process.stderr.write(`${known.message}\n`);
    return 1;
  };
  // Failures in the background, mostly for lack of disk space, are reported here and nowhere else.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error) => process.exit(failed(error)));
  try {
    const args = readArguments(argv);
    if (args === 'help') {
      process.stdout.write(help);
      return 0;
    }
    stateDirectory = resolve(args.stateDirectory);
    // The AWS SDK and all services take a while to load: not for a mistyped flag.
    const { run } = await import('./run.ts');
    return await run(args, screen, interruption());
  } catch (error) {
    return failed(error);
  }
}
