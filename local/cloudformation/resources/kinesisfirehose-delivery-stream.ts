import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

const processorSchema = z.strictObject({
  Type: z.string(),
  Parameters: z
    .array(z.strictObject({ ParameterName: z.string(), ParameterValue: z.string() }))
    .exactOptional(),
});

const destinationSchema = z.strictObject({
  BucketARN: z.string(),
  RoleARN: z.string(),
  Prefix: z.string().exactOptional(),
  ErrorOutputPrefix: z.string().exactOptional(),
  FileExtension: z.string().exactOptional(),
  CompressionFormat: z.enum(['UNCOMPRESSED', 'GZIP']).exactOptional(),
  BufferingHints: z
    .strictObject({ IntervalInSeconds: z.int().exactOptional(), SizeInMBs: z.int().exactOptional() })
    .exactOptional(),
  DynamicPartitioningConfiguration: z
    .strictObject({
      Enabled: z.boolean(),
      RetryOptions: z.strictObject({ DurationInSeconds: z.int() }).exactOptional(),
    })
    .exactOptional(),
  ProcessingConfiguration: z
    .strictObject({ Enabled: z.boolean(), Processors: z.array(processorSchema).exactOptional() })
    .exactOptional(),
  /** Failures are told to the person at the laptop. */
  CloudWatchLoggingOptions: z.unknown().exactOptional(),
  /** How bytes rest on a disk of the laptop changes no answer. */
  EncryptionConfiguration: z.unknown().exactOptional(),
  S3BackupMode: z.literal('Disabled').exactOptional(),
  CustomTimeZone: z.literal('UTC').exactOptional(),
});

export const kinesisFirehoseDeliveryStream = resourceType({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  properties: {
    DeliveryStreamName: z.string().optional(),
    DeliveryStreamType: z.literal('DirectPut').default('DirectPut'),
    ExtendedS3DestinationConfiguration: destinationSchema,
  },
  ignored: {
    DeliveryStreamEncryptionConfigurationInput: 'how records rest on a disk of the laptop changes no answer',
    Tags: 'nothing reads them',
  },
  async apply({ DeliveryStreamName }, { region, accountId, name }) {
    const ref = DeliveryStreamName ?? name({ maximum: 64 });
    return { ref, attributes: { Arn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${ref}` } };
  },
});
