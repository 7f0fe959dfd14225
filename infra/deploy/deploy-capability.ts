import { artifactPrefixes } from '@tidemark/domain/names.ts';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { alarmArns, sagemakerArns } from '../foundation/arns.ts';
import type { Foundation } from '../foundation/foundation.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

/**
 * Puts approved versions behind their endpoints, and takes those of retired models away. Endpoints, their configurations and their
 * alarms belong to the workflow, never to CloudFormation: they come and go with models, and every one has the stage in its name.
 */
export class DeployCapability extends Construct {
  readonly workflow: Workflow;
  readonly #foundation: Foundation;
  readonly #lambdas: CapabilityFunctions;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
    this.#lambdas = new CapabilityFunctions(this, foundation, 'deploy');
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'deploy',
      functions: this.#functions(),
      statements: [
        ...this.#endpointStatements(),
        ...this.#alarmStatements(),
        ...foundation.stores.statementsForKeyGrants(),
      ],
    })
      .startOnDomainEvent('OnVersionApproved', ['version.approved'])
      .startOnDomainEvent('OnLifecycleChanged', ['model.retired', 'model.reactivated']);
    this.workflow.startOnOwnEnd(['DeploymentUnfinished']);
    new CfnOutput(this, 'StateMachineArn', {
      description:
        'Start it with { "model": "flight-delay", "version": 3 } to deploy version 3 again, or to go back to it; without a version, to have the endpoint follow the definition.',
      value: this.workflow.machine.stateMachineArn,
    }).overrideLogicalId('DeployStateMachineArn');
  }

  #functions(): Record<string, TidemarkFunction> {
    const { config, stores } = this.#foundation;
    return {
      StartDeployment: this.#lambdas
        .add('start-deployment', 'takes a model and plans its deployment', {
          environment: {
            SERVERLESS_MAX_CONCURRENCY: String(config.limits.serverlessMaxConcurrency),
            KMS_KEY_ARN: stores.key?.keyArn ?? '',
          },
        })
        .grantRegistry('read-write')
        .allow(['sagemaker:DescribeEndpoint'], [this.#arn('endpoint')]),
      GiveUp: this.#lambdas
        .add('give-up', 'frees a model whose deployment could not begin')
        .grantRegistry('read-write'),
      CheckEndpoint: this.#lambdas
        .add('check-endpoint', 'decides what an endpoint needs next')
        .grantRegistry('read-write')
        .allow(['sagemaker:DescribeEndpoint'], [this.#arn('endpoint')]),
      ProveEndpoint: this.#lambdas
        .add('prove-endpoint', 'replays stored predictions against an endpoint', {
          // 50 rows at most, each an invocation, the first of which may start a serverless container.
          timeout: Duration.minutes(5),
          // The digest of what is served is computed at the speed at which S3 sends: some gigabytes in that time.
          memoryMegabytes: 1769,
        })
        .grantRegistry('read-write')
        .grantReadObjects('artifacts', 'runs/')
        .grantReadObjects('artifacts', artifactPrefixes.models)
        .grantListObjects('artifacts', artifactPrefixes.models)
        .allow(['sagemaker:DescribeEndpoint', 'sagemaker:InvokeEndpoint'], [this.#arn('endpoint')])
        .allow(['sagemaker:DescribeEndpointConfig'], [this.#arn('endpoint-config')])
        .allow(['sagemaker:DescribeModel'], [this.#arn('model')]),
      PromoteVersion: this.#lambdas
        .add('promote-version', 'makes a proven version the live one')
        .grantRegistry('read-write'),
      PlanRollback: this.#lambdas
        .add('plan-rollback', 'says what an endpoint goes back to')
        .grantRegistry('read-write'),
      RecordRollback: this.#lambdas
        .add('record-rollback', 'records why a deployment failed and what serves')
        .grantRegistry('read-write'),
      RecordRemoval: this.#lambdas
        .add('record-removal', 'records that a retired model has no endpoint')
        .grantRegistry('read-write'),
    };
  }

  /** Creating or updating an endpoint is a right on the endpoint and on its configuration. Tags are a right of their own. */
  #endpointStatements(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'],
        resources: [this.#arn('endpoint'), this.#arn('endpoint-config')],
      }),
      new PolicyStatement({ actions: ['sagemaker:DeleteEndpoint'], resources: [this.#arn('endpoint')] }),
      new PolicyStatement({
        actions: ['sagemaker:CreateEndpointConfig', 'sagemaker:DescribeEndpointConfig'],
        resources: [this.#arn('endpoint-config')],
      }),
      new PolicyStatement({
        actions: ['sagemaker:AddTags'],
        resources: [this.#arn('endpoint'), this.#arn('endpoint-config')],
      }),
    ];
  }

  /** SageMaker checks the alarms of a guarded update with the rights of the update's caller. */
  #alarmStatements(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource', 'cloudwatch:DeleteAlarms'],
        resources: [alarmArns(this, this.#foundation.config.stage, 'update')],
      }),
      describeAlarms(),
    ];
  }

  #arn(kind: 'endpoint' | 'endpoint-config' | 'model'): string {
    return sagemakerArns(this, this.#foundation.config.stage, kind);
  }
}

/** The action knows no resources. */
function describeAlarms(): PolicyStatement {
  return new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] });
}
