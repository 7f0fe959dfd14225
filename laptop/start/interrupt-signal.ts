import { whenOrphaned } from './orphaned.ts';

/** What a shell reports for a program that Ctrl-C has ended: 128 + 2, the number of SIGINT. */
export const interruptedExitCode = 130;

/** A start that npm has left behind is gone after so long, whatever it is doing. */
const orphanMilliseconds = 3_000;

/** Aborted by the first Ctrl-C or request to end, or the end of npm; the second ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(interruptedExitCode);
      controller.abort();
    });
  }
  whenOrphaned(() => {
    controller.abort();
    // Do not wait: what is interrupted continues at the next start.
    setTimeout(() => process.exit(interruptedExitCode), orphanMilliseconds).unref();
  });
  return controller.signal;
}
