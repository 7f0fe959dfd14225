import { listExecutionsInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { page, seconds } from './page.ts';
import { parseInput } from './parse-input.ts';

export const listExecutions: StatesOperation = async (input, { machines, executions }) => {
  const { stateMachineArn, statusFilter, ...paging } = parseInput(listExecutionsInput, input);
  const found = executions
    .list(machines.get(stateMachineArn).arn)
    .filter(({ status }) => statusFilter === undefined || status === statusFilter);
  const { items, ...rest } = page(found, paging);
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
