import { stateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

/** Succeeds for a machine that does not exist, as in AWS. Running executions run on. */
export const deleteStateMachine: StatesOperation = async (input, { machines }) => {
  machines.delete(parseStatesInput(stateMachineInput, input).stateMachineArn);
  return {};
};
