import { gaugeNamespace } from '@tidemark/domain/monitoring-gauges.ts';
import { predictFunctionName } from '@tidemark/domain/names.ts';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { captureGauges } from '../../functions/capture/capture-gauges.ts';
import { sagemakerArns } from '../foundation/arns.ts';
import type { Foundation } from '../foundation/foundation.ts';
import { TidemarkFunction } from '../functions/tidemark-function.ts';
import { CaptureDeliveryStream } from './capture-delivery-stream.ts';

/** Two invocations of a serverless endpoint, which takes up to 60 s each, and what comes before and after. */
const predictTimeout = Duration.seconds(150);

const fiveMinutes = Duration.minutes(5);

/** Makes every prediction one that can be monitored: the prediction function, and the stream that takes what it captures. */
export class CaptureCapability extends Construct {
  readonly predict: TidemarkFunction;
  readonly stream: CaptureDeliveryStream;
  readonly #foundation: Foundation;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
    this.stream = new CaptureDeliveryStream(this, 'Stream', foundation);
    this.predict = this.#predict();
    this.#alarmWhenNotCaptured();
    this.#alarmWhenNotDelivered();
    new CfnOutput(this, 'FunctionName', {
      description:
        'Invoke it with { "model": "flight-delay", "records": [{ … }] }; callers need lambda:InvokeFunction on it.',
      value: this.predict.resource.functionName,
    }).overrideLogicalId('PredictFunctionName');
  }

  #predict(): TidemarkFunction {
    const { stage, predictConcurrency } = this.#foundation.config;
    return (
      new TidemarkFunction(this, 'Predict', {
        foundation: this.#foundation,
        capability: 'capture',
        name: 'predict',
        description: 'predicts for raw records and captures what it predicted',
        functionName: predictFunctionName(stage),
        // More than half of a virtual CPU: encoding a thousand records is a matter of milliseconds then.
        memoryMegabytes: 1024,
        timeout: predictTimeout,
        ...(predictConcurrency !== undefined && { reservedConcurrency: predictConcurrency }),
        environment: { CAPTURE_STREAM: this.stream.name },
      })
        .grantRegistry('read')
        // Encodings and stored hold-out rows of versions.
        .grantReadObjects('artifacts', 'runs/')
        // What Firehose does not take is written by the function itself.
        .grantWriteObjects('artifacts', 'captures/')
        .allow(['firehose:PutRecordBatch'], [this.stream.arn])
        .allow(
          ['sagemaker:InvokeEndpoint', 'sagemaker:DescribeEndpoint'],
          [sagemakerArns(this, stage, 'endpoint')],
        )
    );
  }

  #alarmWhenNotCaptured(): void {
    const { stage } = this.#foundation.config;
    const ofFunction = (metricName: string) =>
      new Metric({
        namespace: gaugeNamespace,
        metricName,
        dimensionsMap: { Stage: stage },
        statistic: 'Sum',
        period: fiveMinutes,
      });
    this.#alarm('LostAlarm', 'Predictions were not captured.', ofFunction(captureGauges.lost));
    // A stream that is busy for a moment is none: what it did not take is in the bucket.
    const periods = { evaluationPeriods: 3 };
    this.#alarm(
      'RefusedAlarm',
      'Firehose does not take captured predictions.',
      ofFunction(captureGauges.direct),
      periods,
    );
  }

  #alarmWhenNotDelivered(): void {
    const ofStream = (metricName: string) =>
      new Metric({
        namespace: 'AWS/Firehose',
        metricName,
        dimensionsMap: { DeliveryStreamName: this.stream.name },
        statistic: 'Maximum',
        period: fiveMinutes,
      });
    // Age in seconds of the oldest record; AWS advises 15 minutes, three times the buffer's interval.
    this.#alarm(
      'LateAlarm',
      'Captured predictions are not delivered.',
      ofStream('DeliveryToS3.DataFreshness'),
      { threshold: 900 },
    );
    this.#alarm(
      'PartitionsAlarm',
      'Captured predictions are put aside as errors.',
      ofStream('PartitionCountExceeded'),
    );
  }

  #alarm(
    id: string,
    what: string,
    metric: Metric,
    { threshold = 0, evaluationPeriods = 1 }: { threshold?: number; evaluationPeriods?: number } = {},
  ): void {
    new Alarm(this, id, {
      // The first sentence is its heading in the runbook; a test keeps them equal.
      alarmDescription: `${what} See docs/runbook.md.`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.#foundation.events.alarmTopic));
  }
}
