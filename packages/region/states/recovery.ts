import { siteOf } from './bindings.ts';
import { attemptKey, type Exit, type Visit } from './execution-run.ts';
import { type EventDraft, failureDetails } from './history.ts';
import { leave } from './leave.ts';
import type { Catcher, Retrier } from './machine-definition.schema.ts';
import { catcherFor, nextRetry, type RetryDecision } from './retry.ts';
import { QueryEvaluationError, StateError } from './state-error.ts';

interface Recovery {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

/**
 * Runs a state's attempts until one succeeds, a catcher takes the error, or nothing is left to try.
 * `failedEvent` is the history event of a state whose children failed for good, such as `MapStateFailed`.
 */
export async function withRecovery(
  state: Recovery,
  visit: Visit,
  attempt: (visit: Visit) => Promise<Exit>,
  failedEvent?: string,
): Promise<Exit> {
  const retriers = state.Retry ?? [];
  const taken = retriers.map(() => 0);
  for (let number = 0; ; number += 1) {
    const current = { ...visit, attempt: number };
    try {
      return await attempt(current);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      noteEvaluationFailure(current, error);
      const retry = nextRetry(retriers, taken, error, visit.run.random);
      if (retry === undefined) return await recover(state, current, error, failedEvent);
      taken[retry.retrier] = (taken[retry.retrier] ?? 0) + 1;
      await backOff(current, retry);
    }
  }
}

/** The moment of the next attempt is fixed once, so that a restart neither prolongs nor repeats the delay. */
async function backOff(visit: Visit, { delaySeconds }: RetryDecision): Promise<void> {
  const { journal, clock } = visit.run;
  const { cursor, signal } = visit.frame;
  const { resumeAt } =
    journal.find('retrying', attemptKey(visit), cursor) ??
    journal.record(
      attemptKey(visit),
      { kind: 'retrying', resumeAt: clock.now() + clock.waitMilliseconds(delaySeconds) },
      cursor,
    );
  await clock.until(resumeAt, signal);
}

async function recover(
  state: Recovery,
  visit: Visit,
  error: StateError,
  failedEvent: string | undefined,
): Promise<Exit> {
  // AWS notes it of a map whose own expression fails too (LocalStack 8b9a79f, test_map_state_items_eval_jsonata_fail). Of Parallel that was
  // not recorded.
  const ownExpression = error instanceof QueryEvaluationError && error.stateName === visit.name;
  if (failedEvent === 'MapStateFailed' || (failedEvent !== undefined && !ownExpression))
    note(visit, 'children-failed', { type: failedEvent });
  const catcher = catcherFor(state.Catch ?? [], error);
  if (catcher === undefined) throw error;
  const errorOutput = error.output;
  return leave(catcher, visit, siteOf(visit, { errorOutput }), errorOutput, catcher.Next);
}

/** Puts a failed evaluation into the history, once, whichever state's handling it passes through. */
export function noteEvaluationFailure(visit: Visit, error: unknown): void {
  if (!(error instanceof QueryEvaluationError) || error.noted) return;
  error.noted = true;
  note(visit, `evaluation:${error.location}`, {
    type: 'EvaluationFailed',
    details: {
      evaluationFailedEventDetails: {
        ...failureDetails(error),
        ...(error.location !== undefined && { location: error.location }),
        state: error.stateName,
      },
    },
  });
}

/** Records an event that has no consequence of its own, unless an earlier run has. */
export function note(visit: Visit, what: string, event: EventDraft): void {
  const { journal } = visit.run;
  const { cursor } = visit.frame;
  const key = `${attemptKey(visit)}/${what}`;
  if (journal.find('noted', key, cursor) === undefined) {
    journal.record(key, { kind: 'noted' }, cursor, [event]);
  }
}
