import * as z from 'zod';
import { resourceType } from '../resource-type.ts';

/** What is read of a destination and left aside, each because it changes nothing on a laptop. */
const ignored = {
  /** Failures are told to the person at the laptop. */
  CloudWatchLoggingOptions: z.unknown().optional(),
  /** How bytes rest on a disk of the laptop changes no answer. */
  EncryptionConfiguration: z.unknown().optional(),
  S3BackupMode: z.literal('Disabled').optional(),
  CustomTimeZone: z.literal('UTC').optional(),
};

export const kinesisFirehoseDeliveryStream = resourceType({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  properties: {
    DeliveryStreamName: z.string().optional(),
    DeliveryStreamType: z.literal('DirectPut').default('DirectPut'),
    /** Firehose itself checks the rest. */
    ExtendedS3DestinationConfiguration: z.looseObject(ignored),
  },
  ignored: {
    DeliveryStreamEncryptionConfigurationInput: 'how records rest on a disk of the laptop changes no answer',
    Tags: 'nothing reads them',
  },
  async apply({ DeliveryStreamName, ExtendedS3DestinationConfiguration }, context) {
    const { region, accountId, services } = context;
    const name = DeliveryStreamName ?? context.name({ maximum: 64 });
    const destination = Object.fromEntries(
      Object.entries(ExtendedS3DestinationConfiguration).filter(([key]) => !Object.hasOwn(ignored, key)),
    );
    await services.firehose.putDeliveryStream(name, destination);
    return {
      ref: name,
      attributes: { Arn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}` },
    };
  },
  remove: async (name, { firehose }) => await firehose.deleteDeliveryStream(name),
});
