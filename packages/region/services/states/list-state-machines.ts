import { seconds } from '../../epoch-seconds.ts';
import { listInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { pageByPosition } from './page-by-position.ts';
import { parseStatesInput } from './parse-states-input.ts';

export const listStateMachines: StatesOperation = async (input, { machines }) => {
  const { items, ...rest } = pageByPosition(machines.list(), parseStatesInput(listInput, input));
  const stateMachines = items.map(({ arn, name, creationDate }) => ({
    stateMachineArn: arn,
    name,
    type: 'STANDARD',
    creationDate: seconds(creationDate),
  }));
  return { stateMachines, ...rest };
};
