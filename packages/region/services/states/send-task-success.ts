import { AwsError } from '../../aws-error.ts';
import type { Json } from '../../states/machine-definition.schema.ts';
import { sendTaskSuccessInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';
import { tokenHolderOf } from './task-token.ts';

export const sendTaskSuccess: StatesOperation = async (input, { tokens }) => {
  const { taskToken, output } = parseStatesInput(sendTaskSuccessInput, input);
  const result = parseOutput(output);
  tokenHolderOf(tokens, taskToken).succeed(result);
  return {};
};

function parseOutput(output: string): Json {
  try {
    return JSON.parse(output);
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${String(error)}'`);
  }
}
