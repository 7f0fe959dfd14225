export type { MachineDefinition, Retrier, State } from './states/machine-definition.schema.ts';
export { type Finding, type FurtherCheck, validateStateMachine } from './states/validate.ts';
export { blocksOf } from './states/validation/walk.ts';
