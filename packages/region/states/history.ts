import type { Json, State } from './machine-definition.schema.ts';

/** A history event before it has an id and a time: its type and its details member, as `GetExecutionHistory` names them. */
export interface EventDraft {
  readonly type: string;
  readonly details?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** A history event as the journal keeps it. */
export interface HistoryEvent extends EventDraft {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** AWS's limit for standard executions; the last one is the event that ends the execution. */
export const mostHistoryEvents = 25_000;

/** The history never cuts payloads short: they are within the payload limit already. */
const whole = { truncated: false };

export const stateEntered = (type: State['Type'], name: string, input: Json): EventDraft => ({
  type: `${type}StateEntered`,
  details: {
    stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: whole },
  },
});

export const stateExited = (
  type: State['Type'],
  name: string,
  output: Json,
  assigned: Readonly<Record<string, Json>>,
): EventDraft => ({
  type: `${type}StateExited`,
  details: {
    stateExitedEventDetails: {
      name,
      output: JSON.stringify(output),
      outputDetails: whole,
      ...(Object.keys(assigned).length > 0 && {
        assignedVariables: Object.fromEntries(
          Object.entries(assigned).map(([variable, value]) => [variable, JSON.stringify(value)]),
        ),
        assignedVariablesDetails: whole,
      }),
    },
  },
});

/** Error and cause in the form of every `…Failed` event: absent members are left out. */
export const failureDetails = (failure: {
  readonly errorName?: string | undefined;
  readonly cause?: string | undefined;
}): Record<string, Json> => ({
  ...(failure.errorName !== undefined && { error: failure.errorName }),
  ...(failure.cause !== undefined && { cause: failure.cause }),
});

/** What the history calls a task's integration: `sagemaker` and `createTrainingJob.sync`. */
export interface TaskResourceName {
  readonly resourceType: string;
  readonly resource: string;
}

export const taskEvent = (
  kind: 'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'TimedOut',
  { resourceType, resource }: TaskResourceName,
  details: Readonly<Record<string, Json>> = {},
): EventDraft => ({
  type: `Task${kind}`,
  details: { [`task${kind}EventDetails`]: { resourceType, resource, ...details } },
});

export const outputDetails = (output: Json): Record<string, Json> => ({
  output: JSON.stringify(output),
  outputDetails: whole,
});

export const executionStarted = (input: Json, roleArn: string): EventDraft => ({
  type: 'ExecutionStarted',
  details: {
    executionStartedEventDetails: { input: JSON.stringify(input), inputDetails: whole, roleArn },
  },
});
