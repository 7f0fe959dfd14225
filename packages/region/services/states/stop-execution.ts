import { stopExecutionInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { seconds } from './page.ts';
import { parseInput } from './parse-input.ts';

export const stopExecution: StatesOperation = async (input, { executions, clock }) => {
  const { executionArn, error, cause } = parseInput(stopExecutionInput, input);
  const { stopDate = clock.now() } = await executions.stop(executionArn, error, cause);
  return { stopDate: seconds(stopDate) };
};
