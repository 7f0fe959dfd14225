import { CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { alarmArns, executionArns, machineArn } from '../foundation/arns.ts';
import type { Foundation } from '../foundation/foundation.ts';
import { imageLimitsEnvironment } from '../foundation/image-limits-environment.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

const prefix = 'definitions/';

/** The machines that a model's schedules start. */
export interface ScheduledWorkflows {
  readonly monitor: Workflow;
  readonly retrain: Workflow;
}

/**
 * Model definitions: dropped, validated, registered. A model's alarms and schedules belong to the workflow, never to
 * CloudFormation: they come and go with models, and every one has the stage in its name or group.
 */
export class OnboardCapability extends Construct {
  readonly workflow: Workflow;
  readonly #foundation: Foundation;
  readonly #lambdas: CapabilityFunctions;

  constructor(scope: Construct, id: string, foundation: Foundation, scheduled: ScheduledWorkflows) {
    super(scope, id);
    this.#foundation = foundation;
    this.#lambdas = new CapabilityFunctions(this, foundation, 'onboard');
    const { dataBucket } = foundation.stores;
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'onboard',
      functions: {
        OnboardDefinition: this.#onboardDefinition(),
        ReportFailure: this.#reportFailure(),
        PlanMonitoring: this.#planMonitoring(scheduled),
        ListModels: this.#lambdas
          .add('list-models', 'lists the models, to make their alarms and schedules again')
          .grantRegistry('read'),
      },
      statements: [
        this.#alarmStatement(),
        ...foundation.schedules.statements(),
        ...this.#ownExecutionStatements(),
      ],
    }).startOn('OnDefinition', {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [dataBucket.bucketName] }, object: { key: [{ prefix }] } },
    });
    new CfnOutput(this, 'StateMachineArn', {
      description:
        'Start it with { "all": true } to make the alarms and schedules of all models again, or with { "model": "flight-delay" }.',
      value: this.workflow.machine.stateMachineArn,
    }).overrideLogicalId('OnboardStateMachineArn');
  }

  #onboardDefinition(): TidemarkFunction {
    const { limits } = this.#foundation.config;
    return this.#lambdas
      .add('onboard-definition', 'validates a model definition and registers it', {
        environment: {
          SERVERLESS_MAX_CONCURRENCY: String(limits.serverlessMaxConcurrency),
          SERVERLESS_ENDPOINTS: String(limits.serverlessEndpoints),
          ENDPOINT_INSTANCES: JSON.stringify(limits.instances),
          TRAINING_MINUTES: String(limits.trainingMinutes),
          ...imageLimitsEnvironment(limits),
        },
      })
      .grantRegistry('read-write')
      .grantReadObjects('data', prefix)
      .grantListVersions('data', prefix);
  }

  #reportFailure(): TidemarkFunction {
    return this.#lambdas
      .add('report-failure', 'announces that a definition could not be handled')
      .grantRegistry('read-write');
  }

  #planMonitoring({ monitor, retrain }: ScheduledWorkflows): TidemarkFunction {
    const { events, schedules } = this.#foundation;
    return this.#lambdas
      .add('plan-monitoring', 'says which alarms and schedules a model needs', {
        environment: {
          ALARM_TOPIC_ARN: events.alarmTopic.topicArn,
          MONITOR_MACHINE_ARN: monitor.machine.stateMachineArn,
          RETRAIN_MACHINE_ARN: retrain.machine.stateMachineArn,
          SCHEDULE_GROUP: schedules.groupName,
          SCHEDULER_ROLE_ARN: schedules.role.roleArn,
          DEAD_LETTER_QUEUE_ARN: events.deadLetterQueue.queueArn,
        },
      })
      .grantRegistry('read-write');
  }

  /** For all models it starts itself, a model each, and waits. */
  #ownExecutionStatements(): PolicyStatement[] {
    const { partition, region, account } = Stack.of(this);
    const { stage } = this.#foundation.config;
    return [
      new PolicyStatement({
        actions: ['states:StartExecution'],
        resources: [machineArn(this, stage, 'onboard')],
      }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [executionArns(this, stage, 'onboard')],
      }),
      new PolicyStatement({
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [
          `arn:${partition}:events:${region}:${account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`,
        ],
      }),
    ];
  }

  #alarmStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource', 'cloudwatch:DeleteAlarms'],
      resources: [alarmArns(this, this.#foundation.config.stage, 'model')],
    });
  }
}
