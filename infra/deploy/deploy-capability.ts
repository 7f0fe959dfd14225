import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';
import { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

/**
 * Puts approved versions behind their endpoints, and takes those of retired models away. Endpoints, their configurations and their alarms belong to the workflow, never
 * to CloudFormation: they come and go with models, and every one has the stage in its name.
 */
export class DeployCapability extends Construct {
  readonly workflow: Workflow;
  readonly #foundation: Foundation;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'deploy',
      functions: this.#functions(),
      statements: [...this.#endpointStatements(), ...this.#alarmStatements(), ...this.#keyStatements()],
    })
      .startOn(
        'OnVersionApproved',
        { source: ['tidemark'], detailType: ['version.approved'] },
        foundation.events.bus,
      )
      .startOn(
        'OnLifecycleChanged',
        { source: ['tidemark'], detailType: ['model.retired', 'model.reactivated'] },
        foundation.events.bus,
      );
    this.workflow.startOnOwnEnd();
    this.#letSageMakerReadAlarms();
    new CfnOutput(this, 'StateMachineArn', {
      description:
        'Start it with { "model": "flight-delay", "version": 3 } to deploy version 3 again, or to go back to it; without a version, to have the endpoint follow the definition.',
      value: this.workflow.machine.stateMachineArn,
    }).overrideLogicalId('DeployStateMachineArn');
  }

  #functions(): Record<string, TidemarkFunction> {
    const { config, stores } = this.#foundation;
    return {
      StartDeployment: this.#function('start-deployment', 'takes a model and plans its deployment', {
        environment: {
          SERVERLESS_MAX_CONCURRENCY: String(config.limits.serverlessMaxConcurrency),
          KMS_KEY_ARN: stores.key?.keyArn ?? '',
        },
      }).allow(['sagemaker:DescribeEndpoint'], [this.#arn('endpoint')]),
      CheckEndpoint: this.#function('check-endpoint', 'decides what an endpoint needs next').allow(
        ['sagemaker:DescribeEndpoint'],
        [this.#arn('endpoint')],
      ),
      ProveEndpoint: this.#function('prove-endpoint', 'replays stored predictions against an endpoint', {
        // 50 rows at most, each an invocation, the first of which may start a serverless container.
        timeout: Duration.minutes(5),
      })
        .grantReadObjects('artifacts', 'runs/')
        .allow(['sagemaker:DescribeEndpoint', 'sagemaker:InvokeEndpoint'], [this.#arn('endpoint')])
        .allow(['sagemaker:DescribeEndpointConfig'], [this.#arn('endpoint-config')]),
      PromoteVersion: this.#function('promote-version', 'makes a proven version the live one'),
      PlanRollback: this.#function('plan-rollback', 'says what an endpoint goes back to'),
      RecordRollback: this.#function('record-rollback', 'records why a deployment failed and what serves'),
      RecordRemoval: this.#function('record-removal', 'records that a retired model has no endpoint'),
    };
  }

  #function(
    name: string,
    description: string,
    more: { environment?: Record<string, string>; timeout?: Duration } = {},
  ): TidemarkFunction {
    const id = name.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    const foundation = this.#foundation;
    return new TidemarkFunction(this, id, {
      foundation,
      capability: 'deploy',
      name,
      description,
      ...more,
    }).grantRegistry('read-write');
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

  /** SageMaker checks the alarms of a guarded update with the rights of whoever asked for the update. */
  #alarmStatements(): PolicyStatement[] {
    const { partition, region, account } = Stack.of(this);
    const alarms = `arn:${partition}:cloudwatch:${region}:${account}:alarm:${this.#namePrefix}*`;
    return [
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
        resources: [alarms],
      }),
      describeAlarms(),
    ];
  }

  /** A grant lets SageMaker use the key for the endpoint's volumes; for AWS services only. */
  #keyStatements(): PolicyStatement[] {
    const { key } = this.#foundation.stores;
    if (!key) return [];
    return [
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources: [key.keyArn],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
      new PolicyStatement({ actions: ['kms:DescribeKey'], resources: [key.keyArn] }),
    ];
  }

  /** AWS says that "the IAM execution role" needs this for guarded updates, and not which one. */
  #letSageMakerReadAlarms(): void {
    this.#foundation.sagemakerRole.role.addToPolicy(describeAlarms());
  }

  /** SageMaker's ARNs are lower case, as our names are. */
  #arn(kind: 'endpoint' | 'endpoint-config'): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:sagemaker:${region}:${account}:${kind}/${this.#namePrefix}*`;
  }

  get #namePrefix(): string {
    return `tidemark-${this.#foundation.config.stage}-`;
  }
}

/** The action knows no resources. */
function describeAlarms(): PolicyStatement {
  return new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] });
}
