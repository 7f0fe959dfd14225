import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';

/** The group that models' schedules are in, and what Scheduler may do for them. Deleting the group deletes every schedule in it. */
export class ModelSchedules extends Construct {
  readonly groupName: string;
  /** What Scheduler starts the machines as. */
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    { config, events }: Foundation,
    machines: readonly StateMachine[],
  ) {
    super(scope, id);
    this.groupName = `tidemark-${config.stage}`;
    const group = new CfnScheduleGroup(this, 'Group', { name: this.groupName });
    this.role = new Role(this, 'Role', {
      // Only for schedules of this group: another's could else start machines with this role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { ArnEquals: { 'aws:SourceArn': group.attrArn } },
      }),
      inlinePolicies: {
        start: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['states:StartExecution'],
              resources: machines.map(({ stateMachineArn }) => stateMachineArn),
            }),
            // Scheduler sends what it could not start with the schedule's role, not by the queue's policy.
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [events.undelivered.queueArn] }),
          ],
        }),
      },
    });
  }

  /** What a workflow needs to make, change and delete schedules of the group. */
  statements(): PolicyStatement[] {
    const { partition, region, account } = Stack.of(this);
    return [
      new PolicyStatement({
        actions: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
        resources: [`arn:${partition}:scheduler:${region}:${account}:schedule/${this.groupName}/*`],
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    ];
  }
}
