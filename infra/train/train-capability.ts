import { artifactPrefixes, openModelSuffix } from '@tidemark/domain/names.ts';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { executionArns, sagemakerArns } from '../foundation/arns.ts';
import type { Foundation } from '../foundation/foundation.ts';
import { imageLimitsEnvironment } from '../foundation/image-limits-environment.ts';
import { imageRepositoryArns } from '../foundation/sagemaker-roles.ts';
import { xgboostImageUri } from '../foundation/xgboost-image.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

const { jobInputs, jobOutputs, models, runs } = artifactPrefixes;

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
        foundation.sagemakerRoles.passStatement(),
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
        .grantReadObjects('data', 'datasets/')
        .allow(['states:DescribeExecution'], [executionArns(this, this.#foundation.config.stage, 'train')]),
      Prepare: this.#prepare(),
      KeepModel: this.#lambdas
        .add('keep-model', 'copies what a training wrote to where no job can write', {
          // A hash is computed at the speed at which S3 sends: gigabytes in minutes.
          memoryMegabytes: dataMemoryMegabytes,
          timeout: Duration.minutes(15),
        })
        .grantReadObjects('artifacts', jobOutputs)
        .grantListVersions('artifacts', jobOutputs)
        .grantWriteObjects('artifacts', models),
      Evaluate: this.#lambdas
        .add('evaluate', 'measures and judges a model', this.#withData())
        .grantReadObjects('artifacts', runs)
        .grantReadObjects('artifacts', jobInputs)
        .grantReadObjects('artifacts', jobOutputs)
        .grantListObjects('artifacts', runs)
        .grantListObjects('artifacts', jobInputs)
        .grantListVersions('artifacts', jobOutputs)
        .grantWriteObjects('artifacts', runs),
      Register: this.#lambdas
        .add('register', 'registers a judged model as a version')
        .grantRegistry('read-write')
        .grantReadObjects('artifacts', runs),
      RecordFailure: this.#lambdas
        .add('record-failure', 'ends a run that failed and frees its model')
        .grantRegistry('read-write'),
    };
  }

  #prepare(): TidemarkFunction {
    const { config, stores, sagemakerRoles } = this.#foundation;
    return this.#lambdas
      .add('prepare', 'fits the encoding, writes the splits and plans the jobs', {
        ...this.#withData(),
        environment: {
          XGBOOST_IMAGE: xgboostImageUri(this, config),
          JOBS_ROLE_ARN: sagemakerRoles.jobs.roleArn,
          SERVING_ROLE_ARN: sagemakerRoles.serving.roleArn,
          SERVERLESS_ROLE_ARN: sagemakerRoles.serverless.roleArn,
          KMS_KEY_ARN: stores.key?.keyArn ?? '',
          SUBNET_IDS: (config.vpc?.subnetIds ?? []).join(','),
          SECURITY_GROUP_IDS: (config.vpc?.securityGroupIds ?? []).join(','),
          ...imageLimitsEnvironment(config.limits),
        },
      })
      .grantRegistry('read')
      .grantReadObjects('data', 'datasets/')
      .grantReadObjects('artifacts', runs)
      .grantReadObjects('artifacts', jobInputs)
      .grantListObjects('artifacts', runs)
      .grantListObjects('artifacts', jobInputs)
      .grantWriteObjects('artifacts', runs)
      .grantWriteObjects('artifacts', jobInputs)
      .allow(['ecr:BatchGetImage'], imageRepositoryArns(this, config.limits.images));
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
      ...this.#createStatements(),
      ...jobs.flatMap(({ noun, arn }) => [
        new PolicyStatement({
          actions: [`sagemaker:Describe${noun}`, `sagemaker:Stop${noun}`],
          resources: [arn],
        }),
        new PolicyStatement({
          actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
          resources: [this.#managedRule(noun)],
        }),
      ]),
      new PolicyStatement({
        actions: ['sagemaker:AddTags', 'sagemaker:ListTags'],
        resources: [...jobs.map(({ arn }) => arn), model],
      }),
    ];
  }

  /**
   * What runs is isolated, whatever a definition or a defect of ours asks for, but for models of serverless endpoints, which have a name of
   * their own and a role that pulls no image but the built-in one. `limits.networkIsolation: where-allowed` leaves it to definitions.
   * Service Authorization Reference, SageMaker: `sagemaker:NetworkIsolation` (Bool) is a condition key of CreateTrainingJob and
   * CreateModel. There is none for a training's or a model's image, so the roles that pull it are limited to repositories.
   */
  #createStatements(): PolicyStatement[] {
    const isIsolated = { Bool: { 'sagemaker:NetworkIsolation': 'true' } };
    const isolated = ['sagemaker:CreateTrainingJob', 'sagemaker:CreateModel'];
    const resources = [this.#arn('training-job'), this.#arn('model')];
    const mayBeOpen = this.#foundation.config.limits.networkIsolation === 'where-allowed';
    return [
      new PolicyStatement({
        actions: isolated,
        resources,
        ...(!mayBeOpen && { conditions: isIsolated }),
      }),
      new PolicyStatement({
        actions: ['sagemaker:CreateModel'],
        resources: [`${this.#arn('model')}${openModelSuffix}`],
      }),
      new PolicyStatement({
        actions: ['sagemaker:CreateTransformJob'],
        resources: [this.#arn('transform-job')],
      }),
    ];
  }

  #managedRule(noun: string): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:events:${region}:${account}:rule/StepFunctionsGetEventsForSageMaker${noun}sRule`;
  }

  #arn(kind: 'training-job' | 'transform-job' | 'model'): string {
    return sagemakerArns(this, this.#foundation.config.stage, kind);
  }
}
