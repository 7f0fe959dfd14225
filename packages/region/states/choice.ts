import { siteOf } from './bindings.ts';
import type { Exit, Visit } from './execution-run.ts';
import { leave } from './leave.ts';
import type { ChoiceState } from './machine-definition.schema.ts';
import { StateError } from './state-error.ts';
import { atSite, evaluateBoolean } from './template.ts';

/** Takes the first rule whose condition is true, with that rule's `Output` and `Assign`; else `Default`, with the state's. */
export async function runChoice(state: ChoiceState, visit: Visit): Promise<Exit> {
  const site = siteOf(visit);
  for (const [index, rule] of state.Choices.entries()) {
    if (await evaluateBoolean(rule.Condition, `Choices[${index}]/Condition`, site)) {
      return leave(rule, visit, site, visit.input, rule.Next);
    }
  }
  if (state.Default !== undefined) return leave(state, visit, site, visit.input, state.Default);
  throw new StateError(
    'States.NoChoiceMatched',
    atSite(
      { stateName: visit.name, enteredEventId: visit.enteredEventId },
      'No rule of the Choice state matched, and it has no Default.',
    ),
  );
}
