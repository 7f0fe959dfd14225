import { AwsError } from '../../aws-error.ts';
import type { TaskTokens, TokenHolder } from '../../states/task-tokens.ts';

/** The task that waits for the token. @throws AwsError `InvalidToken`, `TaskTimedOut` */
export function tokenHolderOf(tokens: TaskTokens, token: string): TokenHolder {
  const state = tokens.look(token);
  if (state.kind === 'waiting') return state.holder;
  throw state.kind === 'over'
    ? new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'")
    : new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
}
