import { stateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { seconds } from './page.ts';
import { parseInput } from './parse-input.ts';

export const describeStateMachine: StatesOperation = async (input, { machines }) => {
  const { stateMachineArn } = parseInput(stateMachineInput, input);
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
  };
};
