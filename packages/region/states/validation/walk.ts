import { isDistributed, type State, type States } from '../machine-definition.schema.ts';

/** One set of states with the path to it and the sets that surround it, innermost last. */
export interface Block {
  readonly states: States;
  readonly location: string;
  readonly outer: readonly States[];
}

/** The machine's own states and, depth first, those of every branch and item processor. */
export function* blocksOf(states: States, location = '', outer: readonly States[] = []): Generator<Block> {
  yield { states, location, outer };
  for (const [name, state] of Object.entries(states.States)) {
    for (const [path, inner] of innerStates(state)) {
      // Iterations of a distributed map are executions of their own: they see no outer variable.
      const isOwn = state.Type === 'Map' && isDistributed(state);
      yield* blocksOf(inner, `${location}/States/${name}${path}`, isOwn ? [] : [...outer, states]);
    }
  }
}

function innerStates(state: State): [string, States][] {
  if (state.Type === 'Map') return [['/ItemProcessor', state.ItemProcessor]];
  if (state.Type !== 'Parallel') return [];
  return state.Branches.map((branch, index) => [`/Branches[${index}]`, branch]);
}

/** Every transition out of a state: where it goes and the field that says so. */
export function transitionsOf(state: State): { field: string; to: string }[] {
  switch (state.Type) {
    case 'Choice':
      return [
        ...state.Choices.map(({ Next }, index) => ({ field: `Choices[${index}]/Next`, to: Next })),
        ...(state.Default === undefined ? [] : [{ field: 'Default', to: state.Default }]),
      ];
    case 'Succeed':
    case 'Fail':
      return [];
    default:
      return [
        ...(state.Next === undefined ? [] : [{ field: 'Next', to: state.Next }]),
        ...('Catch' in state ? (state.Catch ?? []) : []).map(({ Next }, index) => ({
          field: `Catch[${index}]/Next`,
          to: Next,
        })),
      ];
  }
}
