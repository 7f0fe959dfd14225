import type { ExecutionRun } from './execution-run.ts';
import { type EventDraft, executionStarted, failureDetails, outputDetails } from './history.ts';
import { Interruption } from './interruption.ts';
import type { Checkpoint } from './journal.schema.ts';
import type { Cursor } from './journal.ts';
import type { Json, MachineDefinition } from './machine-definition.schema.ts';
import { StateError } from './state-error.ts';
import { runStates } from './states.ts';
import { VariableScope } from './variable-scope.ts';

/** How an execution ended. */
export type End = Omit<Extract<Checkpoint, { kind: 'ended' }>, 'kind'>;

/**
 * Runs an execution, or the rest of one, to its end. `signal` is aborted with an `Interruption`.
 * @throws Interruption `region-closing`, when the execution is to go on at the region's next start
 */
export async function runExecution(
  definition: MachineDefinition,
  run: ExecutionRun,
  signal: AbortSignal,
): Promise<End> {
  const cursor: Cursor = { lastEventId: 0 };
  const earlier = run.journal.find('ended', '', cursor);
  if (earlier) return endOf(earlier);
  if (run.journal.find('started', '', cursor) === undefined) {
    const { input, roleArn } = run.execution;
    run.journal.record('', { kind: 'started' }, cursor, [executionStarted(input, roleArn)]);
  }
  const end = await runToEnd(definition, run, cursor, signal);
  run.journal.record('', { kind: 'ended', ...end }, cursor, [endEvent(end)]);
  return end;
}

async function runToEnd(
  definition: MachineDefinition,
  run: ExecutionRun,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<End> {
  const { TimeoutSeconds } = definition;
  const expiry = new AbortController();
  const over = new AbortController();
  if (TimeoutSeconds !== undefined) {
    run.clock.until(run.clock.now() + TimeoutSeconds * 1000, over.signal).then(
      () => expiry.abort(new Interruption({ kind: 'execution-timed-out' })),
      () => undefined,
    );
  }
  const frame = {
    path: '',
    cursor,
    scope: new VariableScope(),
    signal: AbortSignal.any([signal, expiry.signal]),
  };
  try {
    const output = await runStates(definition, run.execution.input, frame, run);
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    return endBy(error);
  } finally {
    over.abort();
  }
}

function endBy(error: unknown): End {
  if (error instanceof StateError) return { status: 'FAILED', ...named(error.errorName, error.cause) };
  if (error instanceof Interruption) {
    const { reason } = error;
    if (reason.kind === 'execution-stopped')
      return { status: 'ABORTED', ...named(reason.error, reason.cause) };
    if (reason.kind === 'execution-timed-out') return { status: 'TIMED_OUT' };
  }
  throw error;
}

const named = (errorName: string | undefined, cause: string | undefined) => ({
  ...(errorName !== undefined && { errorName }),
  ...(cause !== undefined && { cause }),
});

const endOf = ({ status, output, errorName, cause }: End): End => ({
  status,
  ...(output !== undefined && { output }),
  ...named(errorName, cause),
});

function endEvent(end: End): EventDraft {
  const kind = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', ABORTED: 'Aborted', TIMED_OUT: 'TimedOut' }[
    end.status
  ];
  const details: Record<string, Json> =
    end.output !== undefined ? outputDetails(end.output) : failureDetails(end);
  return { type: `Execution${kind}`, details: { [`execution${kind}EventDetails`]: details } };
}
