import { seconds } from '../../epoch-seconds.ts';
import type { HistoryEvent } from '../../states/history.ts';
import type { Json } from '../../states/machine-definition.schema.ts';
import { getExecutionHistoryInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { pageByPosition } from './page-by-position.ts';
import { parseStatesInput } from './parse-states-input.ts';

/** Members of event details that hold the execution's data. */
const dataMembers: readonly string[] = ['input', 'output', 'parameters', 'assignedVariables'];

export const getExecutionHistory: StatesOperation = async (input, { executions }) => {
  const { executionArn, reverseOrder, includeExecutionData, ...paging } = parseStatesInput(
    getExecutionHistoryInput,
    input,
  );
  const history = executions.history(executionArn);
  const { items, ...rest } = pageByPosition(reverseOrder ? history.reverse() : history, paging);
  return { events: items.map((event) => onTheWire(event, includeExecutionData)), ...rest };
};

function onTheWire({ id, previousEventId, timestamp, type, details = {} }: HistoryEvent, withData: boolean) {
  const shown = Object.entries(details).map(([name, members]) => [
    name,
    withData ? members : withoutData(members),
  ]);
  return { id, previousEventId, timestamp: seconds(timestamp), type, ...Object.fromEntries(shown) };
}

const withoutData = (members: Readonly<Record<string, Json>>) =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !dataMembers.includes(name)));
