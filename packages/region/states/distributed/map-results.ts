import type { Json } from '../machine-definition.schema.ts';
import type { EndedChild, MapRunOutcome } from './map-run.ts';

/** The outputs of the children that succeeded, in the order of their items. */
export function outputsOf({ ended }: MapRunOutcome): Json[] {
  return ended.flatMap(({ end }) =>
    end.status === 'SUCCEEDED' && end.output !== undefined ? [end.output] : [],
  );
}

/** What a result file says of a child: as DescribeExecution does, in Pascal case. */
export function childDetails({ arn, name, input, end, from, to }: EndedChild): Json {
  const [stateMachine = ''] = arn.replace(':execution:', ':stateMachine:').split(`:${name}`);
  return {
    ExecutionArn: arn,
    Input: JSON.stringify(input),
    InputDetails: { Included: true },
    Name: name,
    ...(end.output !== undefined && {
      Output: JSON.stringify(end.output),
      OutputDetails: { Included: true },
    }),
    ...(end.errorName !== undefined && { Error: end.errorName }),
    ...(end.cause !== undefined && { Cause: end.cause }),
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    RedriveStatusReason: 'The local region does not support redrive',
    StartDate: new Date(from).toISOString(),
    StateMachineArn: stateMachine,
    Status: end.status,
    StopDate: new Date(to).toISOString(),
  };
}
