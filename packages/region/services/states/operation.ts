import type { Clock } from '../../clock.ts';
import type { TaskTokens } from '../../states/task-tokens.ts';
import type { Executions } from './executions.ts';
import type { StateMachines } from './state-machines.ts';

/** What operations work on. */
export interface StatesData {
  readonly machines: StateMachines;
  readonly executions: Executions;
  readonly tokens: TaskTokens;
  readonly clock: Clock;
}

/** An operation of Step Functions; its input is checked by the operation itself. */
export type StatesOperation = (input: unknown, data: StatesData) => Promise<object>;
