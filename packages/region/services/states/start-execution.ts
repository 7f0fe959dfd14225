import { startExecutionInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { seconds } from './page.ts';
import { parseInput } from './parse-input.ts';

export const startExecution: StatesOperation = async (input, { machines, executions }) => {
  const { stateMachineArn, name, input: payload } = parseInput(startExecutionInput, input);
  const { executionArn, startDate } = executions.start(machines.get(stateMachineArn), payload, name);
  return { executionArn, startDate: seconds(startDate) };
};
