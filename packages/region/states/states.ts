import { halt } from './breakpoint.ts';
import { runChoice } from './choice.ts';
import type { ExecutionRun, Exit, Frame, Visit } from './execution-run.ts';
import { runFail } from './fail.ts';
import { stateEntered, stateExited } from './history.ts';
import { Interruption } from './interruption.ts';
import type { Json, State, States } from './machine-definition.schema.ts';
import { runMap } from './map.ts';
import { runParallel } from './parallel.ts';
import { runPass } from './pass.ts';
import { note, noteEvaluationFailure } from './recovery.ts';
import { runtimeError } from './state-error.ts';
import { runSucceed } from './succeed.ts';
import { runTask } from './task.ts';
import { runWait } from './wait.ts';

/** The history has an event for the abortion of these, and of no others. */
const abortable: readonly State['Type'][] = ['Task', 'Parallel', 'Map', 'Wait'];

/**
 * Runs states from the start to an end, and gives the output of the last. What the journal holds is not done again.
 * @throws StateError when a state fails and nothing catches it; Interruption when the line must end before
 */
export async function runStates(states: States, input: Json, frame: Frame, run: ExecutionRun): Promise<Json> {
  let value = input;
  let next: string | null = states.StartAt;
  for (let step = 0; next !== null; step += 1) {
    frame.signal.throwIfAborted();
    const exit: Exit = await runState(states, next, `${frame.path}${step}:${next}`, value, frame, run);
    frame.scope.assign(exit.assigned);
    value = exit.output;
    next = exit.next;
  }
  return value;
}

async function runState(
  states: States,
  name: string,
  key: string,
  input: Json,
  frame: Frame,
  run: ExecutionRun,
): Promise<Exit> {
  const earlier = run.journal.find('exited', key, frame.cursor);
  if (earlier) return earlier;
  const state = states.States[name];
  if (state === undefined) throw runtimeError(`There is no state '${name}'.`);
  const visit = enter(state, { run, frame, name, key, input });
  try {
    // A task asks before each attempt.
    if (state.Type !== 'Task') await halt(visit, 'begins', frame.signal);
    const exit = await dispatch(state, visit);
    return run.journal.record(key, { kind: 'exited', ...exit }, frame.cursor, [
      stateExited(state.Type, name, exit.output, exit.assigned),
    ]);
  } catch (error) {
    noteEvaluationFailure(visit, error);
    noteAbortion(state, visit, error);
    throw error;
  }
}

function enter({ Type }: State, visit: Pick<Visit, 'run' | 'frame' | 'name' | 'key' | 'input'>): Visit {
  const { run, frame, name, key, input } = visit;
  const { enteredTime } =
    run.journal.find('entered', key, frame.cursor) ??
    run.journal.record(
      key,
      { kind: 'entered', enteredTime: new Date(run.clock.now()).toISOString() },
      frame.cursor,
      [stateEntered(Type, name, input)],
    );
  return { ...visit, enteredTime, enteredEventId: frame.cursor.lastEventId, attempt: 0 };
}

function noteAbortion({ Type }: State, visit: Visit, error: unknown): void {
  const aborted = error instanceof Interruption && error.reason.kind === 'sibling-failed';
  if (aborted && abortable.includes(Type)) note(visit, 'aborted', { type: `${Type}StateAborted` });
}

function dispatch(state: State, visit: Visit): Promise<Exit> {
  switch (state.Type) {
    case 'Task':
      return runTask(state, visit);
    case 'Pass':
      return runPass(state, visit);
    case 'Choice':
      return runChoice(state, visit);
    case 'Wait':
      return runWait(state, visit);
    case 'Succeed':
      return runSucceed(state, visit);
    case 'Fail':
      return runFail(state, visit);
    case 'Parallel':
      return runParallel(state, visit);
    case 'Map':
      return runMap(state, visit);
  }
}
