import { whenOrphaned } from './orphaned.ts';

/** What a shell reports for a program that Ctrl-C has ended: 128 + 2, the number of SIGINT. */
export const interruptedExitCode = 130;

/** Aborted by the first Ctrl-C or request to end, or the end of npm; the second ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(interruptedExitCode);
      controller.abort();
    });
  }
  whenOrphaned(() => controller.abort());
  return controller.signal;
}
