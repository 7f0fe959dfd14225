export type { Definition, Retrier, State } from './states/definition.schema.ts';
export { type Finding, type FurtherCheck, validateStateMachine } from './states/validate.ts';
export { blocksOf } from './states/validation/walk.ts';
