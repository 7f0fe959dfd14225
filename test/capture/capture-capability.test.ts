import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { arn, grants, statementsOf, synthesise } from '../support/templates.ts';

const { workflows } = synthesise();
const encrypted = synthesise({ encryption: 'customer' }).workflows;

describe('the delivery stream', () => {
  it('keeps models apart by what their records say, an hour per folder', () => {
    workflows.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: Match.objectLike({
        Prefix: 'captures/!{partitionKeyFromQuery:model}/function/!{timestamp:yyyy/MM/dd/HH}/',
        DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 7200 } },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [
                { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{model:.model}' },
                { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
              ],
            },
          ],
        },
      }),
    });
  });

  it('puts what it cannot deliver where nobody takes it for captures', () => {
    workflows.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: Match.objectLike({
        ErrorOutputPrefix: Match.stringLikeRegexp('^capture-errors/!\\{firehose:error-output-type\\}/'),
      }),
    });
  });

  it('tries for longer than it takes the alarm to go off, as nothing tells of what it puts aside', () => {
    const [stream] = Object.values(workflows.findResources('AWS::KinesisFirehose::DeliveryStream'));
    const [age] = Object.values(
      workflows.findResources('AWS::CloudWatch::Alarm', {
        Properties: { MetricName: 'DeliveryToS3.DataFreshness' },
      }),
    );
    const { RetryOptions } =
      stream?.Properties.ExtendedS3DestinationConfiguration.DynamicPartitioningConfiguration ?? {};

    expect(RetryOptions.DurationInSeconds).toBeGreaterThan(
      age?.Properties.Threshold + age?.Properties.Period * age?.Properties.EvaluationPeriods,
    );
  });

  it('buffers as much as dynamic partitioning asks for, and compresses', () => {
    workflows.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: Match.objectLike({
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
        CompressionFormat: 'GZIP',
      }),
    });
  });

  it('is encrypted, with the customer’s key if there is one', () => {
    workflows.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: Match.objectLike({ EncryptionConfiguration: Match.absent() }),
    });
    encrypted.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: {
        KeyType: 'CUSTOMER_MANAGED_CMK',
        KeyARN: { 'Fn::ImportValue': Match.anyValue() },
      },
      ExtendedS3DestinationConfiguration: Match.objectLike({
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: Match.anyValue() } },
      }),
    });
    const role = grants(statementsOf(encrypted, /^CaptureStreamRole/));
    expect(role.has('kms:GenerateDataKey')).toBe(true);
  });

  it('writes below its two prefixes and deletes nothing', () => {
    const role = grants(statementsOf(workflows, /^CaptureStreamRole/));

    expect(JSON.stringify(role.get('s3:PutObject'))).toMatch(/\/capture-errors\/\*.*\/captures\/\*/);
    expect(role.get('s3:PutObject')).toHaveLength(2);
    expect([...role.keys()].filter((action) => /Delete|s3:\*/.test(action))).toEqual([]);
  });
});

describe('the prediction function', () => {
  const role = grants(statementsOf(workflows, /^CapturePredictRole/));

  it('has the name that callers know', () => {
    workflows.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'tidemark-dev-predict' });
    workflows.hasOutput('PredictFunctionName', { Value: { Ref: Match.stringLikeRegexp('^CapturePredict') } });
  });

  it('may wait for two invocations of a serverless endpoint', () => {
    workflows.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'tidemark-dev-predict',
      Timeout: 150,
    });
  });

  it('may ask and look at endpoints of its stage', () => {
    const endpoint = arn('sagemaker', 'endpoint/tidemark-dev-*');

    expect(role.get('sagemaker:InvokeEndpoint')).toEqual([endpoint]);
    expect(role.get('sagemaker:DescribeEndpoint')).toEqual([endpoint]);
  });

  it('may put captures, and write beside them what was not taken', () => {
    workflows.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'tidemark-dev-predict',
      Environment: {
        Variables: Match.objectLike({ CAPTURE_STREAM: { Ref: Match.stringLikeRegexp('^CaptureStream') } }),
      },
    });
    expect(role.get('firehose:PutRecordBatch')).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^CaptureStream/), 'Arn'] },
    ]);
    expect(JSON.stringify(role.get('s3:PutObject'))).toMatch(/\/captures\/\*/);
    expect(role.get('s3:PutObject')).toHaveLength(1);
  });

  it('changes nothing in the registry', () => {
    expect(role.has('dynamodb:GetItem')).toBe(true);
    for (const action of ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']) {
      expect(role.has(action)).toBe(false);
    }
  });
});

describe('an alarm rings when', () => {
  const ofStream = [{ Name: 'DeliveryStreamName', Value: { Ref: Match.stringLikeRegexp('^CaptureStream') } }];
  const ofStage = [{ Name: 'Stage', Value: 'dev' }];

  it.each([
    [
      'a capture is lost',
      'CapturesLost',
      ofStage,
      { Namespace: 'Tidemark', Threshold: 0, EvaluationPeriods: 1 },
    ],
    [
      'Firehose takes none for a quarter of an hour',
      'CapturesWrittenDirectly',
      ofStage,
      { Namespace: 'Tidemark', Threshold: 0, EvaluationPeriods: 3 },
    ],
    [
      'the oldest capture waits for longer than three buffers',
      'DeliveryToS3.DataFreshness',
      ofStream,
      { Namespace: 'AWS/Firehose', Threshold: 900, Statistic: 'Maximum' },
    ],
    [
      'there are more models than partitions',
      'PartitionCountExceeded',
      ofStream,
      { Namespace: 'AWS/Firehose', Threshold: 0, Statistic: 'Maximum' },
    ],
  ])('%s', (_, MetricName, Dimensions, more) => {
    workflows.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      Dimensions,
      ...more,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ 'Fn::ImportValue': Match.stringLikeRegexp('AlarmsTopic') }],
    });
  });
});
