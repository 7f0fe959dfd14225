import { seconds } from '../../epoch-seconds.ts';
import { executionInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

export const describeExecution: StatesOperation = async (input, { executions }) => {
  const record = executions.get(parseStatesInput(executionInput, input).executionArn);
  return {
    executionArn: record.executionArn,
    stateMachineArn: record.stateMachineArn,
    name: record.name,
    status: record.status,
    startDate: seconds(record.startDate),
    ...(record.stopDate !== undefined && { stopDate: seconds(record.stopDate) }),
    input: record.input,
    inputDetails: { included: true },
    ...(record.output !== undefined && { output: record.output, outputDetails: { included: true } }),
    ...(record.error !== undefined && { error: record.error }),
    ...(record.cause !== undefined && { cause: record.cause }),
    redriveCount: 0,
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'The local region does not support redrive',
  };
};
