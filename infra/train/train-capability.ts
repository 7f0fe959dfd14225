import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { sagemakerArns } from '../foundation/arns.ts';
import type { Foundation } from '../foundation/foundation.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';
import { xgboostImage } from './xgboost-image.ts';

/** Beyond what a function's data takes: a part as it was stored, and its copies in the encoding. */
const scratchGibibytes = 10;
/** One virtual CPU: DuckDB reads faster than one thread encodes, and half of the memory is more than it ever needed. */
const dataMemoryMegabytes = 1769;

/**
 * Trains a model from every new dataset, judges it and registers it. Jobs and SageMaker models belong to the workflow, never to
 * CloudFormation: they come and go with runs, and every one has the stage in its name.
 */
export class TrainCapability extends Construct {
  readonly workflow: Workflow;
  readonly #foundation: Foundation;
  readonly #lambdas: CapabilityFunctions;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
    this.#lambdas = new CapabilityFunctions(this, foundation, 'train');
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'train',
      functions: this.#functions(),
      statements: [
        ...this.#jobStatements(),
        ...foundation.stores.statementsForKeyGrants(),
        foundation.sagemakerRole.passStatement(),
        this.#imageStatement(),
      ],
    })
      .startOnDomainEvent('OnDatasetCommitted', ['dataset.committed'])
      .startOnDomainEvent('OnRetrainingStarted', ['retraining.started'], {
        // One that adds rows is trained when they are a dataset, which has an event of its own.
        datasetId: [{ prefix: 'ds-' }],
      });
    this.workflow.startOnOwnEnd();
    new CfnOutput(this, 'StateMachineArn', {
      description: 'Start it with { "model": "flight-delay" } to train from the newest dataset.',
      value: this.workflow.machine.stateMachineArn,
    }).overrideLogicalId('TrainStateMachineArn');
  }

  #functions(): Record<string, TidemarkFunction> {
    return {
      StartRun: this.#lambdas
        .add('start-run', 'takes a model and begins a run')
        .grantRegistry('read-write')
        .grantReadObjects('data', 'datasets/'),
      Prepare: this.#prepare(),
      Evaluate: this.#lambdas
        .add('evaluate', 'measures and judges a model', this.#withData())
        .grantReadObjects('artifacts', 'runs/')
        .grantListObjects('artifacts', 'runs/')
        .grantWriteObjects('artifacts', 'runs/'),
      Register: this.#lambdas
        .add('register', 'registers a judged model as a version')
        .grantRegistry('read-write')
        .grantReadObjects('artifacts', 'runs/'),
      RecordFailure: this.#lambdas
        .add('record-failure', 'ends a run that failed and frees its model')
        .grantRegistry('read-write'),
    };
  }

  #prepare(): TidemarkFunction {
    const { config, stores, sagemakerRole } = this.#foundation;
    return this.#lambdas
      .add('prepare', 'fits the encoding, writes the splits and plans the jobs', {
        ...this.#withData(),
        environment: {
          XGBOOST_IMAGE: xgboostImage(this, config),
          SAGEMAKER_ROLE_ARN: sagemakerRole.arn,
          KMS_KEY_ARN: stores.key?.keyArn ?? '',
          SUBNET_IDS: (config.vpc?.subnetIds ?? []).join(','),
          SECURITY_GROUP_IDS: (config.vpc?.securityGroupIds ?? []).join(','),
        },
      })
      .grantRegistry('read')
      .grantReadObjects('data', 'datasets/')
      .grantReadObjects('artifacts', 'runs/')
      .grantListObjects('artifacts', 'runs/')
      .grantWriteObjects('artifacts', 'runs/');
  }

  #withData() {
    return {
      memoryMegabytes: dataMemoryMegabytes,
      // Lambda's longest.
      timeout: Duration.minutes(15),
      duckdbScratchGibibytes: scratchGibibytes,
    };
  }

  /** For each kind of job: start, watch and stop it, tag it (`.sync` adds a tag of its own), and the rule that Step Functions keeps. */
  #jobStatements(): PolicyStatement[] {
    const jobs = [
      { noun: 'TrainingJob', arn: this.#arn('training-job') },
      { noun: 'TransformJob', arn: this.#arn('transform-job') },
    ];
    const model = this.#arn('model');
    return [
      ...jobs.flatMap(({ noun, arn }) => [
        new PolicyStatement({
          actions: [`sagemaker:Create${noun}`, `sagemaker:Describe${noun}`, `sagemaker:Stop${noun}`],
          resources: [arn],
        }),
        new PolicyStatement({
          actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
          resources: [this.#managedRule(noun)],
        }),
      ]),
      new PolicyStatement({ actions: ['sagemaker:CreateModel'], resources: [model] }),
      new PolicyStatement({
        actions: ['sagemaker:AddTags', 'sagemaker:ListTags'],
        resources: [...jobs.map(({ arn }) => arn), model],
      }),
    ];
  }

  /** Any repository: the built-in image is in AWS's account, users' own images in theirs. */
  #imageStatement(): PolicyStatement {
    const { partition, region } = Stack.of(this);
    return new PolicyStatement({
      actions: ['ecr:BatchGetImage'],
      resources: [`arn:${partition}:ecr:${region}:*:repository/*`],
    });
  }

  #managedRule(noun: string): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:events:${region}:${account}:rule/StepFunctionsGetEventsForSageMaker${noun}sRule`;
  }

  #arn(kind: 'training-job' | 'transform-job' | 'model'): string {
    return sagemakerArns(this, this.#foundation.config.stage, kind);
  }
}
