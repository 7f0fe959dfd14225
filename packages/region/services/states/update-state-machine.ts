import { seconds } from '../../epoch-seconds.ts';
import { updateStateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

/** Later executions use the new definition and role; running ones keep theirs. */
export const updateStateMachine: StatesOperation = async (input, { machines, clock }) => {
  const { stateMachineArn, definition, roleArn } = parseStatesInput(updateStateMachineInput, input);
  const { name, definitionText, roleArn: formerRole } = machines.get(stateMachineArn);
  machines.put(name, definition ?? definitionText, roleArn ?? formerRole);
  return { updateDate: seconds(clock.now()) };
};
