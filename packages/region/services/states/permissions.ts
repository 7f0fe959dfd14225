import { unsupported } from '../../aws-error.ts';
import { onEverything, optionalText, type Permissions, passRole, textOf } from '../../gateway/permissions.ts';
import type { Place } from '../../iam/access-request.ts';

const machineArn = (name: string, { region, accountId }: Place): string =>
  `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;

/** On the resource whose ARN the call names. */
const on =
  (action: string, member: 'stateMachineArn' | 'executionArn'): Permissions =>
  (input) => [{ action, resource: textOf(input, member) }];

const service = 'states.amazonaws.com';

/** AWS asks for the machine that waits; a token here does not tell which that is. */
const byToken =
  (operation: string): Permissions =>
  () => {
    throw unsupported(`states:${operation} signed by a role`);
  };

/** By the Service Authorization Reference of Step Functions. */
export const statesPermissions = {
  CreateStateMachine: (input, place) => [
    { action: 'states:CreateStateMachine', resource: machineArn(textOf(input, 'name'), place) },
    passRole(textOf(input, 'roleArn'), service),
  ],
  DeleteStateMachine: on('states:DeleteStateMachine', 'stateMachineArn'),
  DescribeExecution: on('states:DescribeExecution', 'executionArn'),
  DescribeStateMachine: on('states:DescribeStateMachine', 'stateMachineArn'),
  GetExecutionHistory: on('states:GetExecutionHistory', 'executionArn'),
  ListExecutions: on('states:ListExecutions', 'stateMachineArn'),
  ListStateMachines: onEverything('states:ListStateMachines'),
  SendTaskFailure: byToken('SendTaskFailure'),
  SendTaskHeartbeat: byToken('SendTaskHeartbeat'),
  SendTaskSuccess: byToken('SendTaskSuccess'),
  StartExecution: on('states:StartExecution', 'stateMachineArn'),
  StopExecution: on('states:StopExecution', 'executionArn'),
  UpdateStateMachine(input) {
    const roleArn = optionalText(input, 'roleArn');
    return [
      { action: 'states:UpdateStateMachine', resource: textOf(input, 'stateMachineArn') },
      ...(roleArn === undefined ? [] : [passRole(roleArn, service)]),
    ];
  },
  ValidateStateMachineDefinition: onEverything('states:ValidateStateMachineDefinition'),
} satisfies Record<string, Permissions>;
