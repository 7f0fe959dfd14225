import { gaugeNamespace } from '@tidemark/domain/monitoring-gauges.ts';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { unforeseenGauge } from '../../functions/ingest/ingest-gauges.ts';
import type { Foundation } from '../foundation/foundation.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

/** Dropped files: claimed, validated, and made an immutable dataset or put into quarantine. */
export class IngestCapability extends Construct {
  readonly workflow: Workflow;
  readonly #lambdas: CapabilityFunctions;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#lambdas = new CapabilityFunctions(this, foundation, 'ingest');
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'ingest',
      functions: this.#functions(),
    })
      .startOn('OnFile', {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [foundation.stores.dataBucket.bucketName] },
          object: { key: [{ prefix: 'incoming/' }] },
        },
      })
      .startOnDomainEvent('OnModelOnboarded', ['model.onboarded'], { created: [true] })
      .startOnDomainEvent('OnModelReactivated', ['model.reactivated'])
      .startOnOwnFailure();
    this.#alarmOnUnforeseenErrors(foundation);
    new CfnOutput(this, 'StateMachineArn', {
      description:
        'Start it with { "model": "flight-delay", "batchId": "batch-00000012" } to continue a batch.',
      value: this.workflow.machine.stateMachineArn,
    }).overrideLogicalId('IngestStateMachineArn');
  }

  /** The batch continued and the file's owner was told, but a check is missing. */
  #alarmOnUnforeseenErrors({ events, config }: Foundation): void {
    new Alarm(this, 'UnforeseenAlarm', {
      // The first sentence is its heading in the runbook; a test keeps them equal.
      alarmDescription: 'A file was rejected for an error that no check foresaw. See docs/runbook.md.',
      metric: new Metric({
        namespace: gaugeNamespace,
        metricName: unforeseenGauge,
        dimensionsMap: { Stage: config.stage },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(events.alarmTopic));
  }

  #functions(): Record<string, TidemarkFunction> {
    return {
      ClaimArrival: this.#lambdas
        .add('claim-arrival', 'takes a file into a batch')
        .grantRegistry('read-write'),
      CloseBatch: this.#lambdas
        .add('close-batch', 'closes a batch when nothing more has arrived')
        .grantRegistry('read-write'),
      // Waiting files are claimed one by one, some 10 ms each.
      CollectFiles: this.#lambdas
        .add('collect-files', 'lists the files of a batch', {
          timeout: Duration.minutes(14),
        })
        .grantRegistry('read-write')
        .grantListVersions('data', 'incoming/'),
      ValidateFiles: this.#lambdas
        .add('validate-files', 'profiles and validates files, and writes their rows as parts', {
          // One virtual CPU; DuckDB gets half of the memory.
          memoryMegabytes: 1769,
          timeout: Duration.minutes(15),
          duckdbScratchGibibytes: 10,
        })
        .grantRegistry('read')
        .grantReadObjects('data', 'incoming/')
        .grantReadObjects('data', 'datasets/')
        .grantWriteObjects('data', 'datasets/')
        .grantListObjects('data', 'datasets/')
        .grantListVersions('data', 'incoming/'),
      JudgeBatch: this.#lambdas
        .add('judge-batch', 'decides which files of a batch are accepted', {
          // One virtual CPU: it parses up to half a megabyte of JSON per file, some 30 ms, for ten thousand files and more.
          memoryMegabytes: 1769,
          timeout: Duration.minutes(15),
        })
        .grantRegistry('read')
        .grantReadObjects('data', 'datasets/')
        .grantWriteObjects('data', 'datasets/')
        .grantListObjects('data', 'datasets/'),
      CommitDataset: this.#lambdas
        .add('commit-dataset', 'makes accepted files the dataset of a model', {
          memoryMegabytes: 1024,
          timeout: Duration.minutes(5),
        })
        .grantRegistry('read-write')
        .grantReadObjects('data', 'datasets/')
        .grantWriteObjects('data', 'datasets/')
        .grantListVersions('data', 'incoming/'),
      QuarantineFiles: this.#lambdas
        .add('quarantine-files', 'moves rejected files aside, with a report', {
          // S3 copies up to 5 GiB in one request, which takes minutes.
          timeout: Duration.minutes(15),
        })
        .grantRegistry('read-write')
        .grantReadObjects('data', 'datasets/')
        .grantReadObjects('data', 'incoming/')
        .grantDeleteObjects('data', 'incoming/')
        .grantReadObjects('data', 'quarantine/')
        .grantListObjects('data', 'quarantine/')
        .grantWriteObjects('data', 'quarantine/')
        .grantListVersions('data', 'incoming/'),
    };
  }
}
