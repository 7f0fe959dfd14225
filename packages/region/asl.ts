export { validateStateMachine } from './states/validate.ts';
