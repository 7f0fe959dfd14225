import { seconds } from '../../epoch-seconds.ts';
import { stateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

export const describeStateMachine: StatesOperation = async (input, { machines }) => {
  const { stateMachineArn } = parseStatesInput(stateMachineInput, input);
  const { arn, name, definitionText, roleArn, creationDate } = machines.get(stateMachineArn);
  return {
    stateMachineArn: arn,
    name,
    status: 'ACTIVE',
    definition: definitionText,
    roleArn,
    type: 'STANDARD',
    creationDate: seconds(creationDate),
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
  };
};
