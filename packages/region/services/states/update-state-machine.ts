import { AwsError } from '../../aws-error.ts';
import { seconds } from '../../epoch-seconds.ts';
import { updateStateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

/** Later executions use the new definition and role; running ones keep theirs. */
export const updateStateMachine: StatesOperation = async (input, { machines, clock }) => {
  const { stateMachineArn, definition, roleArn } = parseStatesInput(updateStateMachineInput, input);
  if (definition === undefined && roleArn === undefined)
    throw new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration, or the TracingConfiguration must be specified',
    );
  const { name, definitionText, roleArn: formerRole } = machines.get(stateMachineArn);
  machines.put(name, definition ?? definitionText, roleArn ?? formerRole);
  return { updateDate: seconds(clock.now()) };
};
