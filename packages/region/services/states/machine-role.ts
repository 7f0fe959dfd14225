import { AwsError } from '../../aws-error.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { AccessRequest, Place } from '../../iam/access-request.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import type { MachineDefinition } from '../../states/machine-definition.schema.ts';
import { parseResource } from '../../states/tasks/resource.ts';
import { blocksOf } from '../../states/validation/walk.ts';

interface MachineWithRole {
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: MachineDefinition;
  /** Whether its executions are logged to CloudWatch. */
  readonly isLogged: boolean;
}

/** The rules by which Step Functions learns that a `.sync` job is over, by the optimised integration that starts it. */
const managedRules: Readonly<Record<string, string>> = {
  'sagemaker:createTrainingJob': 'StepFunctionsGetEventsForSageMakerTrainingJobsRule',
  'sagemaker:createTransformJob': 'StepFunctionsGetEventsForSageMakerTransformJobsRule',
  'states:startExecution': 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
};

const ruleActions = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'];

/** What Step Functions' documentation asks for logs; none of these actions knows resources. */
const logDeliveryActions = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** What Step Functions checks of a role before it takes a machine. @throws AwsError `AccessDeniedException` */
export function assertMachineRole(roles: Roles, machine: MachineWithRole, place: Place): void {
  const { arn, roleArn, definition, isLogged } = machine;
  explained(
    () => roles.assume(roleArn, 'states.amazonaws.com', arn),
    'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
  );
  explained(
    () => roles.demand(roleArn, ruleRequests(definition, place)),
    `'${roleArn}' is not authorized to create managed-rule.`,
  );
  if (!isLogged) return;
  explained(
    () =>
      roles.demand(
        roleArn,
        logDeliveryActions.map((action) => ({ action, resource: '*' })),
      ),
    'The state machine IAM Role is not authorized to access the Log Destination.',
  );
}

function ruleRequests(definition: MachineDefinition, { region, accountId }: Place): AccessRequest[] {
  const rules = new Set(syncTasks(definition).flatMap((task) => managedRules[task] ?? []));
  return [...rules].flatMap((rule) =>
    ruleActions.map((action) => ({
      action,
      resource: `arn:aws:events:${region}:${accountId}:rule/${rule}`,
    })),
  );
}

function syncTasks(definition: MachineDefinition): string[] {
  return [...blocksOf(definition)].flatMap(({ states }) =>
    Object.values(states.States).flatMap((state) => {
      if (state.Type !== 'Task') return [];
      const { service, action, pattern } = parseResource(state.Resource);
      return pattern === 'sync' ? [`${service}:${action}`] : [];
    }),
  );
}

function explained(demand: () => void, sentence: string): void {
  try {
    demand();
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    throw new AwsError('AccessDeniedException', `${sentence} (${error.message})`);
  }
}
