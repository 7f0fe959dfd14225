import { stateMachineInput } from './inputs.schema.ts';
import type { StatesData, StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

/** Succeeds for a machine that does not exist, as in AWS. */
export const deleteStateMachine: StatesOperation = async (input, data) => {
  await deleteMachine(parseStatesInput(stateMachineInput, input).stateMachineArn, data);
  return {};
};

/** Deletes a machine, and aborts its executions: without it they must not continue. */
export async function deleteMachine(
  arn: string,
  { machines, executions }: Pick<StatesData, 'machines' | 'executions'>,
): Promise<void> {
  machines.delete(arn);
  await executions.stopAllOf(arn);
}
