import { siteOf } from './bindings.ts';
import { runChildren } from './children.ts';
import { attemptKey, type Exit, type Visit } from './execution-run.ts';
import { leave, nextOf } from './leave.ts';
import type { Json, ParallelState } from './machine-definition.schema.ts';
import { withinPayloadLimit } from './payload-limit.ts';
import { note, withRecovery } from './recovery.ts';
import { evaluateTemplate } from './template.ts';

/** Runs every branch with the same input; the result is the branches' outputs in the order of the definition. */
export const runParallel = (state: ParallelState, visit: Visit): Promise<Exit> =>
  withRecovery(state, visit, (attempt) => attemptParallel(state, attempt), 'ParallelStateFailed');

async function attemptParallel(state: ParallelState, visit: Visit): Promise<Exit> {
  const input = await branchInput(state, visit);
  const branches = state.Branches.map((states) => ({ states, input }));
  const result = withinPayloadLimit(await runChildren(visit, branches, branches.length), visit.name);
  note(visit, 'children-succeeded', { type: 'ParallelStateSucceeded' });
  return leave(state, visit, siteOf(visit, { result }), result, nextOf(state));
}

async function branchInput({ Arguments }: ParallelState, visit: Visit): Promise<Json> {
  const { run, frame } = visit;
  const earlier = run.journal.find('forked', attemptKey(visit), frame.cursor);
  if (earlier) return earlier.inputs[0] ?? null;
  const input =
    Arguments === undefined ? visit.input : await evaluateTemplate(Arguments, 'Arguments', siteOf(visit));
  run.journal.record(
    attemptKey(visit),
    { kind: 'forked', inputs: [withinPayloadLimit(input, visit.name)] },
    frame.cursor,
    [{ type: 'ParallelStateStarted' }],
  );
  return input;
}
