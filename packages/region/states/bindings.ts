import type { Visit } from './execution-run.ts';
import type { Json } from './machine-definition.schema.ts';
import type { Site } from './template.ts';

/** What a field may see besides `$states.input` and `$states.context`. */
interface Extra {
  readonly result?: Json;
  readonly errorOutput?: Json;
}

/** The place at which a state's fields are evaluated: `$states` with its context object, and the visible variables. */
export function siteOf(visit: Visit, extra: Extra = {}): Site {
  return {
    stateName: visit.name,
    enteredEventId: visit.enteredEventId,
    bindings: {
      ...visit.frame.scope.visible(),
      states: { input: visit.input, context: contextObject(visit), ...extra },
    },
  };
}

function contextObject({ run, frame, name, enteredTime, attempt, token }: Visit): Json {
  const { execution, stateMachine } = run;
  return {
    Execution: {
      Id: execution.arn,
      Input: execution.input,
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: execution.startTime,
      RedriveCount: 0,
    },
    State: { Name: name, EnteredTime: enteredTime, RetryCount: attempt },
    StateMachine: { Id: stateMachine.arn, Name: stateMachine.name },
    ...(token !== undefined && { Task: { Token: token } }),
    ...(frame.mapItem && { Map: { Item: { ...frame.mapItem } } }),
  };
}
