import type { Clock } from '../clock.ts';
import type { Roles } from '../gateway/roles.ts';
import type { Breakpoint } from './breakpoint.ts';
import type { Cursor, Journal } from './journal.ts';
import type { Json } from './machine-definition.schema.ts';
import type { TaskTokens } from './task-tokens.ts';
import type { Integration, Resource } from './tasks/integration.ts';
import type { VariableScope } from './variable-scope.ts';

/** Everything that the states of one execution share. */
export interface ExecutionRun {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  /** The integration that serves a task's resource; throws `StateError` when there is none. */
  readonly integrationFor: (resource: Resource) => Integration;
  /** In [0, 1); spreads retries. */
  readonly random: () => number;
  readonly region: string;
  /** Asked before each state, and while a task waits for a job. */
  readonly breakpoint?: Breakpoint | undefined;
  /** Says what the machine's role may do besides its calls. */
  readonly roles: Pick<Roles, 'demand'>;
  readonly execution: {
    readonly arn: string;
    readonly name: string;
    readonly input: Json;
    readonly roleArn: string;
    /** ISO 8601. */
    readonly startTime: string;
  };
  readonly stateMachine: { readonly arn: string; readonly name: string };
}

/** One line of execution: the whole machine, a branch of a Parallel, or an iteration of a Map. */
export interface Frame {
  /** Prefix of its journal keys; empty for the machine itself. */
  readonly path: string;
  readonly cursor: Cursor;
  readonly scope: VariableScope;
  /** Aborted with an `Interruption` when the line must end. */
  readonly signal: AbortSignal;
  /** `$states.context.Map.Item`, within an iteration. */
  readonly mapItem?: { readonly Index: number; readonly Value: Json };
}

/** One entry of a state, in one attempt. */
export interface Visit {
  readonly run: ExecutionRun;
  readonly frame: Frame;
  readonly name: string;
  /** Journal key of the entry: the frame's path, the number of the step in it, the state's name. */
  readonly key: string;
  readonly input: Json;
  readonly enteredTime: string;
  readonly enteredEventId: number;
  /** 0 for the first attempt; `$states.context.State.RetryCount`. */
  readonly attempt: number;
  /** There from the moment on when a `.waitForTaskToken` task makes one. */
  readonly token?: string;
}

/** What leaving a state means: the next state's input, new variables, and where to go (`null` ends the line). */
export interface Exit {
  readonly output: Json;
  readonly assigned: Readonly<Record<string, Json>>;
  readonly next: string | null;
}

/** Journal key of the present attempt. */
export const attemptKey = ({ key, attempt }: Visit): string => `${key}/${attempt}`;
