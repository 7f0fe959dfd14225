import { StateError } from '../../states/state-error.ts';
import { sendTaskFailureInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseInput } from './parse-input.ts';
import { holderOf } from './task-token.ts';

export const sendTaskFailure: StatesOperation = async (input, { tokens }) => {
  const { taskToken, error, cause } = parseInput(sendTaskFailureInput, input);
  holderOf(tokens, taskToken).fail(new StateError(error, cause));
  return {};
};
