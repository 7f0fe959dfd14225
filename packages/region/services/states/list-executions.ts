import { seconds } from '../../epoch-seconds.ts';
import { listExecutionsInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { pageByPosition } from './page-by-position.ts';
import { parseStatesInput } from './parse-states-input.ts';

export const listExecutions: StatesOperation = async (input, { machines, executions }) => {
  const { stateMachineArn, statusFilter, ...paging } = parseStatesInput(listExecutionsInput, input);
  const found = executions
    .list(machines.get(stateMachineArn).arn)
    .filter(({ status }) => statusFilter === undefined || status === statusFilter);
  const { items, ...rest } = pageByPosition(found, paging);
  return {
    executions: items.map((record) => ({
      executionArn: record.executionArn,
      stateMachineArn: record.stateMachineArn,
      name: record.name,
      status: record.status,
      startDate: seconds(record.startDate),
      ...(record.stopDate !== undefined && { stopDate: seconds(record.stopDate) }),
      redriveCount: 0,
    })),
    ...rest,
  };
};
