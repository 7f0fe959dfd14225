import { seconds } from '../../epoch-seconds.ts';
import { startExecutionInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

export const startExecution: StatesOperation = async (input, { machines, executions }) => {
  const { stateMachineArn, name, input: payload } = parseStatesInput(startExecutionInput, input);
  const { executionArn, startDate } = executions.start(machines.get(stateMachineArn), payload, name);
  return { executionArn, startDate: seconds(startDate) };
};
