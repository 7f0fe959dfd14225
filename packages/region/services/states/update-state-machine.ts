import { updateStateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { seconds } from './page.ts';
import { parseInput } from './parse-input.ts';

/** Later executions use the new definition and role; running ones keep theirs. */
export const updateStateMachine: StatesOperation = async (input, { machines, clock }) => {
  const { stateMachineArn, definition, roleArn } = parseInput(updateStateMachineInput, input);
  const { name, definitionText, roleArn: formerRole } = machines.get(stateMachineArn);
  machines.put(name, definition ?? definitionText, roleArn ?? formerRole);
  return { updateDate: seconds(clock.now()) };
};
