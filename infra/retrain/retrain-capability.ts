import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';
import { TidemarkFunction } from '../functions/tidemark-function.ts';
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

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
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
    const prefix = `tidemark-${this.#foundation.config.stage}-`;
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
      .startOn(
        'OnEpisodeContinued',
        { source: ['tidemark'], detailType: ['drift.continued', 'quality.continued'] },
        this.#foundation.events.bus,
      );
  }

  #functions(): Record<string, TidemarkFunction> {
    return {
      Decide: this.#function('decide', 'decides whether a model is trained again'),
      ExportRows: this.#exportRows(),
      DropRows: this.#dropRows(),
      Follow: this.#function('follow', 'says what has become of a retraining'),
      RecordFailure: this.#function('record-failure', 'gives up a retraining that failed'),
    };
  }

  #exportRows(): TidemarkFunction {
    return this.#function('export-rows', 'joins predictions with labels as rows of the data', {
      memoryMegabytes: dataMemoryMegabytes,
      // Lambda's longest.
      timeout: Duration.minutes(15),
      duckdbScratchGibibytes: scratchGibibytes,
    })
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
    return this.#function('drop-rows', 'puts a retraining’s rows where data is dropped', {
      timeout: Duration.minutes(5),
    })
      .grantReadObjects('artifacts', 'retraining/')
      .grantReadObjects('data', 'incoming/')
      .grantListObjects('data', 'incoming/')
      .grantWriteObjects('data', 'incoming/');
  }

  #function(
    name: string,
    description: string,
    more: Partial<ConstructorParameters<typeof TidemarkFunction>[2]> = {},
  ): TidemarkFunction {
    const id = name.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    const foundation = this.#foundation;
    return new TidemarkFunction(this, id, {
      foundation,
      capability: 'retrain',
      name,
      description,
      ...more,
    }).grantRegistry('read-write');
  }
}
