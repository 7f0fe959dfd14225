import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DefinitionFinding } from '@tidemark/domain/definition/definition-finding.ts';
import type { Line } from '../progress/line.ts';
import type { Screen } from '../progress/screen.ts';
import type { StartArguments } from './arguments.ts';
import { findingsOfDefinition } from './definition-check.ts';
import { interruptedExitCode } from './interrupt-signal.ts';
import { problemLines } from './refusal-lines.ts';
import { blank } from './report-lines.ts';
import { lockState } from './state-lock.ts';
import { step } from './steps.ts';
import { prepareSubject } from './subject.ts';
import { synthesise } from './synthesis.ts';

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that `npm start` does. @returns the exit code. @throws StartError */
export async function run(args: StartArguments, screen: Screen, signal: AbortSignal): Promise<number> {
  const stateDirectory = resolve(args.stateDirectory);
  const unlock = lockState(stateDirectory);
  try {
    if (args.fresh || isForgetting(stateDirectory)) forget(stateDirectory);
    printTitle(screen);
    const subject = await prepareSubject(args.subject, { projectDirectory, stateDirectory });
    const problems = findingsOfDefinition(subject.definitionFile, {
      model: subject.model,
      projectDirectory,
      stage: args.stage,
    });
    if (problems.length > 0) {
      screen.print(...refusedLines(args.subject, problems));
      return 1;
    }
    const assemblyDirectory = join(stateDirectory, 'assembly');
    // Loads beside the synthesis, which is another process.
    const loading = import('./run-region.ts');
    await step(
      screen,
      'Synthesise the CDK app',
      () => synthesise({ projectDirectory, assemblyDirectory, signal, stage: args.stage }),
      (result) => (result === 'unchanged' ? 'nothing has changed' : ''),
    );
    signal.throwIfAborted();
    const { runRegion } = await loading;
    return await runRegion({ args, screen, signal, subject, stateDirectory, assemblyDirectory });
  } catch (error) {
    // Interrupted on the way: there is nothing to add, and everything is where it was.
    if (signal.aborted) return interruptedExitCode;
    throw error;
  } finally {
    screen.close();
    unlock();
  }
}

/** What stays: the lock, which is ours, and the drop folder, which is the person's. */
const kept = new Set(['lock', 'drop']);

/** Stands while an earlier start's state is deleted: half of it would be worse than none. */
const forgettingMark = 'forgetting';

const isForgetting = (stateDirectory: string): boolean => existsSync(join(stateDirectory, forgettingMark));

function forget(stateDirectory: string): void {
  const mark = join(stateDirectory, forgettingMark);
  writeFileSync(mark, '');
  for (const name of readdirSync(stateDirectory)) {
    if (!kept.has(name) && name !== forgettingMark)
      rmSync(join(stateDirectory, name), { recursive: true, force: true, maxRetries: 3 });
  }
  rmSync(mark);
}

/** Before anything is started; what is live stays so. */
function refusedLines(subject: StartArguments['subject'], problems: readonly DefinitionFinding[]): Line[] {
  const file = subject.kind === 'own' ? subject.definition : 'The definition';
  return [
    [
      { text: '  ✗ ', style: 'bad' },
      { text: `${file} would be refused (definition.rejected), so nothing was started:` },
    ],
    blank,
    ...problemLines(problems),
  ];
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
