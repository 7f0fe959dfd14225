import { alarmPrefix } from '@tidemark/domain/names.ts';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

/** One virtual CPU: lines are parsed by one thread, and DuckDB joins in half of the memory. */
const dataMemoryMegabytes = 1769;
/** Predictions and labels of a month, unpacked, what DuckDB spills of them, and the rows. */
const scratchGibibytes = 10;

/**
 * Trains a model again when its alarm goes off, on a schedule or by hand, if every guard of its definition agrees. Alarms and
 * schedules belong to models and are made when they are onboarded; this listens to all of them.
 */
export class RetrainCapability extends Construct {
  readonly workflow: Workflow;
  readonly #foundation: Foundation;
  readonly #lambdas: CapabilityFunctions;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
    this.#lambdas = new CapabilityFunctions(this, foundation, 'retrain');
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'retrain',
      functions: this.#functions(),
    });
    this.#listen();
    this.workflow.startOnOwnEnd();
    new CfnOutput(this, 'StateMachineArn', {
      description: 'Start it with { "model": "flight-delay" } to train the model again with what is new.',
      value: this.workflow.machine.stateMachineArn,
    }).overrideLogicalId('RetrainStateMachineArn');
  }

  /**
   * Every transition into ALARM, of every model's alarms: two wildcards of the 30 that rules of a bus may have. An alarm that stays on
   * sends nothing more, so further windows of its episode ask again.
   */
  #listen(): void {
    const prefix = alarmPrefix(this.#foundation.config.stage, 'model');
    this.workflow
      .startOn('OnAlarm', {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: {
          alarmName: [{ wildcard: `${prefix}*-drift` }, { wildcard: `${prefix}*-quality` }],
          state: { value: ['ALARM'] },
          previousState: { value: [{ 'anything-but': ['ALARM'] }] },
        },
      })
      .startOnDomainEvent('OnEpisodeContinued', ['drift.continued', 'quality.continued']);
  }

  #functions(): Record<string, TidemarkFunction> {
    return {
      Decide: this.#lambdas
        .add('decide', 'decides whether a model is trained again')
        .grantRegistry('read-write'),
      ExportRows: this.#exportRows(),
      DropRows: this.#dropRows(),
      Follow: this.#lambdas.add('follow', 'says what has become of a retraining').grantRegistry('read-write'),
      RecordFailure: this.#lambdas
        .add('record-failure', 'abandons a retraining that failed')
        .grantRegistry('read-write'),
    };
  }

  #exportRows(): TidemarkFunction {
    return this.#lambdas
      .add('export-rows', 'joins predictions with labels as rows of the data', {
        memoryMegabytes: dataMemoryMegabytes,
        // Lambda's longest.
        timeout: Duration.minutes(15),
        duckdbScratchGibibytes: scratchGibibytes,
      })
      .grantRegistry('read')
      .grantListVersions('artifacts', 'captures/')
      .grantListVersions('data', 'labels/')
      .grantReadObjects('artifacts', 'captures/')
      .grantReadObjects('artifacts', 'runs/')
      .grantReadObjects('artifacts', 'retraining/')
      .grantWriteObjects('artifacts', 'retraining/')
      .grantReadObjects('data', 'labels/')
      .grantReadObjects('data', 'datasets/');
  }

  /** Copies within S3: a file of a gigabyte takes some minutes. */
  #dropRows(): TidemarkFunction {
    return this.#lambdas
      .add('drop-rows', 'puts a retraining’s rows where data is dropped', {
        timeout: Duration.minutes(5),
      })
      .grantRegistry('read')
      .grantReadObjects('artifacts', 'retraining/')
      .grantReadObjects('data', 'incoming/')
      .grantListObjects('data', 'incoming/')
      .grantWriteObjects('data', 'incoming/');
  }
}
