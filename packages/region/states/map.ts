import { siteOf } from './bindings.ts';
import { type Child, runChildren } from './children.ts';
import { attemptDistributedMap } from './distributed/distributed-map.ts';
import { attemptKey, type Exit, type Visit } from './execution-run.ts';
import type { EventDraft } from './history.ts';
import { itemsOf } from './items.ts';
import { leave, nextOf } from './leave.ts';
import { isDistributed, type Json, type MapState } from './machine-definition.schema.ts';
import { withinPayloadLimit } from './payload-limit.ts';
import { note, withRecovery } from './recovery.ts';
import { selectedInputs } from './select-items.ts';
import { evaluateWhole } from './template.ts';

/** Concurrent iterations of an inline map at most, whatever `MaxConcurrency` says: AWS's limit. */
const mostConcurrentIterations = 40;

/** Runs the item processor once per item; the result is the iterations' outputs in the items' order. */
export const runMap = (state: MapState, visit: Visit): Promise<Exit> =>
  withRecovery(
    state,
    visit,
    (attempt) => (isDistributed(state) ? attemptDistributedMap(state, attempt) : attemptMap(state, attempt)),
    'MapStateFailed',
  );

async function attemptMap(state: MapState, visit: Visit): Promise<Exit> {
  const site = siteOf(visit);
  const wanted = await evaluateWhole(state.MaxConcurrency ?? 0, 'MaxConcurrency', site, 0);
  const items = await itemsOf(state, visit, site);
  const inputs = await iterationInputs(state, visit, items);
  const iterations = inputs.map((input, index) =>
    iteration(state, visit, input, index, items[index] ?? null),
  );
  const limit = Math.min(wanted === 0 ? mostConcurrentIterations : wanted, mostConcurrentIterations);
  const result = withinPayloadLimit(await runChildren(visit, iterations, limit), visit.name);
  note(visit, 'children-succeeded', { type: 'MapStateSucceeded' });
  return leave(state, visit, siteOf(visit, { result }), result, nextOf(state));
}

function iteration(state: MapState, visit: Visit, input: Json, index: number, item: Json): Child {
  return {
    states: state.ItemProcessor,
    input,
    mapItem: { Index: index, Value: item },
    events: (what): EventDraft => ({
      type: `MapIteration${what}`,
      details: { [`mapIteration${what}EventDetails`]: { name: visit.name, index } },
    }),
  };
}

/** Every iteration's input, chosen by `ItemSelector`; recorded, so that a resumed map runs over the same. */
async function iterationInputs(state: MapState, visit: Visit, items: readonly Json[]): Promise<Json[]> {
  const { run, frame } = visit;
  const earlier = run.journal.find('forked', attemptKey(visit), frame.cursor);
  if (earlier) return earlier.inputs;
  const inputs = await selectedInputs(state, visit, items);
  run.journal.record(attemptKey(visit), { kind: 'forked', inputs }, frame.cursor, [
    { type: 'MapStateStarted', details: { mapStateStartedEventDetails: { length: inputs.length } } },
  ]);
  return inputs;
}
