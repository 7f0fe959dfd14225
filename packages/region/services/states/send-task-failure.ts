import { StateError } from '../../states/state-error.ts';
import { sendTaskFailureInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';
import { tokenHolderOf } from './task-token.ts';

export const sendTaskFailure: StatesOperation = async (input, { tokens }) => {
  const { taskToken, error, cause } = parseStatesInput(sendTaskFailureInput, input);
  tokenHolderOf(tokens, taskToken).fail(new StateError(error, cause));
  return {};
};
