import { openScreen } from '../progress/screen.ts';
import { readArguments } from './arguments.ts';
import { help } from './help.ts';
import { interruption } from './interruption.ts';
import { UserError } from './user-error.ts';

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
