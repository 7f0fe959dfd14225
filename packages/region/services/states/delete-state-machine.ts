import { stateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseInput } from './parse-input.ts';

/** Succeeds for a machine that does not exist, as in AWS. Running executions run on. */
export const deleteStateMachine: StatesOperation = async (input, { machines }) => {
  machines.delete(parseInput(stateMachineInput, input).stateMachineArn);
  return {};
};
