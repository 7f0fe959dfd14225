import { seconds } from '../../epoch-seconds.ts';
import { stopExecutionInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

export const stopExecution: StatesOperation = async (input, { executions, clock }) => {
  const { executionArn, error, cause } = parseStatesInput(stopExecutionInput, input);
  const { stopDate = clock.now() } = await executions.stop(executionArn, error, cause);
  return { stopDate: seconds(stopDate) };
};
