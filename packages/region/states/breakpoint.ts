import type { Visit } from './execution-run.ts';
import type { Json } from './machine-definition.schema.ts';
import { StateError } from './state-error.ts';

/** A moment at which an execution can be held. */
export interface StateMoment {
  readonly executionArn: string;
  readonly stateMachineName: string;
  readonly state: string;
  /** What the execution was started with. */
  readonly executionInput: Json;
  /** 0 for the first attempt. */
  readonly attempt: number;
  /** `begins`: nothing of the attempt has happened. `submitted`: a task's job or execution runs, and is about to be waited for. */
  readonly phase: 'begins' | 'submitted';
}

/** With what a state fails there, as if its call had failed so. */
export interface StateFailure {
  readonly error: string;
  readonly cause: string;
}

/** Holds an execution until the promise resolves. What is held when the region stops is held again by the next one, if that does so. */
export type Breakpoint = (moment: StateMoment) => Promise<StateFailure | undefined>;

/** Asks the breakpoint, if there is one. @throws StateError that it gives, or what the signal is aborted with */
export async function halt(visit: Visit, phase: StateMoment['phase'], signal: AbortSignal): Promise<void> {
  const { breakpoint, execution, stateMachine } = visit.run;
  if (breakpoint === undefined) return;
  const { name: state, attempt } = visit;
  const moment = {
    executionArn: execution.arn,
    executionInput: execution.input,
    stateMachineName: stateMachine.name,
    state,
    attempt,
    phase,
  };
  signal.throwIfAborted();
  let release = () => {};
  try {
    const failure = await Promise.race([
      breakpoint(moment),
      new Promise<never>((_, reject) => {
        const abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        release = () => signal.removeEventListener('abort', abort);
      }),
    ]);
    if (failure) throw new StateError(failure.error, failure.cause);
  } finally {
    release();
  }
}
