import { AwsError, unsupported } from '../../aws-error.ts';
import { seconds } from '../../epoch-seconds.ts';
import { createStateMachineInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

/** Idempotent for the same definition and role; anything else of the same name exists already. */
export const createStateMachine: StatesOperation = async (input, { machines }) => {
  const { name, definition, roleArn, type } = parseStatesInput(createStateMachineInput, input);
  if (type === 'EXPRESS') throw unsupported('states:CreateStateMachine with the type EXPRESS');
  const existing = machines.find(machines.arn(name));
  if (existing && (existing.definitionText !== definition || existing.roleArn !== roleArn)) {
    throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${existing.arn}'`);
  }
  const { arn, creationDate } = machines.put(name, definition, roleArn);
  return { stateMachineArn: arn, creationDate: seconds(creationDate) };
};
