import type { MachineDefinition, State, States } from '../machine-definition.schema.ts';
import type { Finding } from './finding.ts';
import { blocksOf } from './walk.ts';

/** Names that the states themselves assign, in their own `Assign` and in those of rules and catchers. */
export function assignedNames(states: States): Set<string> {
  return new Set(Object.values(states.States).flatMap((state) => assignmentsOf(state).flatMap(Object.keys)));
}

function assignmentsOf(state: State): Readonly<Record<string, unknown>>[] {
  return [
    'Assign' in state ? state.Assign : undefined,
    ...('Choices' in state ? state.Choices.map(({ Assign }) => Assign) : []),
    ...('Catch' in state ? (state.Catch ?? []).map(({ Assign }) => Assign) : []),
  ].filter((assign) => assign !== undefined);
}

/** An inner scope may read an outer variable and may neither assign nor shadow it; `states` is taken. */
export function checkVariables(definition: MachineDefinition): Finding[] {
  return [...blocksOf(definition)].flatMap(({ states, location, outer }) => {
    const taken = new Set(outer.flatMap((around) => [...assignedNames(around)]));
    return [...assignedNames(states)].flatMap((name): Finding[] => {
      const at = `${location}/States`;
      if (name === 'states')
        return [{ kind: 'invalid', location: at, message: "'states' is a reserved name." }];
      if (!taken.has(name)) return [];
      const message = `'${name}' is a variable of an outer scope, which inner states may only read; choose another name.`;
      return [{ kind: 'invalid', location: at, message }];
    });
  });
}
