import { listInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { page, seconds } from './page.ts';
import { parseInput } from './parse-input.ts';

export const listStateMachines: StatesOperation = async (input, { machines }) => {
  const { items, ...rest } = page(machines.list(), parseInput(listInput, input));
  const stateMachines = items.map(({ arn, name, creationDate }) => ({
    stateMachineArn: arn,
    name,
    type: 'STANDARD',
    creationDate: seconds(creationDate),
  }));
  return { stateMachines, ...rest };
};
