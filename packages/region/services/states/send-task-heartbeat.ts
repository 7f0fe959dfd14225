import { sendTaskHeartbeatInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';
import { tokenHolderOf } from './task-token.ts';

export const sendTaskHeartbeat: StatesOperation = async (input, { tokens }) => {
  tokenHolderOf(tokens, parseStatesInput(sendTaskHeartbeatInput, input).taskToken).heartbeat();
  return {};
};
