import { sendTaskHeartbeatInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseInput } from './parse-input.ts';
import { holderOf } from './task-token.ts';

export const sendTaskHeartbeat: StatesOperation = async (input, { tokens }) => {
  holderOf(tokens, parseInput(sendTaskHeartbeatInput, input).taskToken).heartbeat();
  return {};
};
