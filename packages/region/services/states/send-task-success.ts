import { AwsError } from '../../aws-error.ts';
import type { Json } from '../../states/definition.schema.ts';
import { sendTaskSuccessInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseInput } from './parse-input.ts';
import { holderOf } from './task-token.ts';

export const sendTaskSuccess: StatesOperation = async (input, { tokens }) => {
  const { taskToken, output } = parseInput(sendTaskSuccessInput, input);
  const result = parseOutput(output);
  holderOf(tokens, taskToken).succeed(result);
  return {};
};

function parseOutput(output: string): Json {
  try {
    return JSON.parse(output);
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${String(error)}'`);
  }
}
