import * as z from 'zod';
import type { BucketConfiguration } from '../../services/s3/bucket-configuration.ts';
import { objectLockModeSchema } from '../../services/s3/object-version.schema.ts';
import { customerKeyArn } from '../encryption-key.ts';
import { type ResourceContext, resourceType } from '../resource-type.ts';

const retentionSchema = z.union([
  z.strictObject({ Mode: objectLockModeSchema, Days: z.int() }),
  z.strictObject({ Mode: objectLockModeSchema, Years: z.int() }),
]);

const lifecycleRuleSchema = z.strictObject({
  Id: z.string().optional(),
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.string().optional(),
  ExpirationInDays: z.int().optional(),
  ExpiredObjectDeleteMarker: z.boolean().optional(),
  NoncurrentVersionExpiration: z.strictObject({ NoncurrentDays: z.int() }).optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: z.int() }).optional(),
});

/** Of encryption only the key matters: how bytes rest on a disk of the laptop changes no answer. */
const encryptionSchema = z.strictObject({
  ServerSideEncryptionConfiguration: z
    .array(
      z.strictObject({
        BucketKeyEnabled: z.boolean().optional(),
        ServerSideEncryptionByDefault: z.strictObject({
          SSEAlgorithm: z.enum(['AES256', 'aws:kms']),
          KMSMasterKeyID: z.string().optional(),
        }),
      }),
    )
    .length(1),
});

const properties = {
  BucketName: z.string().optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  NotificationConfiguration: z
    .strictObject({ EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: z.boolean() }) })
    .optional(),
  ObjectLockEnabled: z.boolean().optional(),
  ObjectLockConfiguration: z
    .strictObject({
      ObjectLockEnabled: z.literal('Enabled'),
      Rule: z.strictObject({ DefaultRetention: retentionSchema }).optional(),
    })
    .optional(),
  BucketEncryption: encryptionSchema.optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(lifecycleRuleSchema) }).optional(),
};
type Properties = z.infer<z.ZodObject<typeof properties>>;

export const s3Bucket = resourceType({
  type: 'AWS::S3::Bucket',
  properties,
  ignored: {
    OwnershipControls: 'there is one account, and access control lists are refused',
    PublicAccessBlockConfiguration: 'the region listens on loopback only',
    Tags: 'nothing reads them',
  },
  kept: {
    put: (bucket, context) =>
      context.services.s3.configureBucket(nameOf(bucket, context), configuration(bucket)),
    read: (name, { s3 }) => s3.bucketConfiguration(name),
  },
  async apply(bucket, context) {
    const name = nameOf(bucket, context);
    const [encryption] = bucket.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    const key = customerKeyArn(encryption?.ServerSideEncryptionByDefault.KMSMasterKeyID, context);
    if (key !== undefined) context.services.roles.putKeyOf(`arn:aws:s3:::${name}`, key);
    return { ref: name, attributes: attributes(name, context) };
  },
  remove: async (name, { s3 }) => await s3.deleteBucket(name),
});

const nameOf = ({ BucketName }: Properties, { name }: ResourceContext): string =>
  BucketName ?? name({ maximum: 63, lowerCase: true });

function configuration(bucket: Properties): BucketConfiguration {
  const { VersioningConfiguration, NotificationConfiguration, LifecycleConfiguration } = bucket;
  const rules = LifecycleConfiguration?.Rules ?? [];
  return {
    versioned: VersioningConfiguration?.Status === 'Enabled',
    eventBridge: NotificationConfiguration?.EventBridgeConfiguration.EventBridgeEnabled ?? false,
    objectLock: objectLock(bucket),
    lifecycle: rules.filter(({ Status }) => Status === 'Enabled').map(lifecycleRule),
  };
}

function objectLock({
  ObjectLockEnabled,
  ObjectLockConfiguration,
}: Properties): BucketConfiguration['objectLock'] {
  const retention = ObjectLockConfiguration?.Rule?.DefaultRetention;
  if (!retention) return ObjectLockEnabled ?? ObjectLockConfiguration !== undefined;
  const mode = retention.Mode;
  return {
    defaultRetention: 'Days' in retention ? { mode, days: retention.Days } : { mode, years: retention.Years },
  };
}

function lifecycleRule(rule: z.infer<typeof lifecycleRuleSchema>) {
  const { Prefix, ExpirationInDays, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  return {
    prefix: Prefix ?? '',
    ...(ExpirationInDays !== undefined && { expirationDays: ExpirationInDays }),
    ...(NoncurrentVersionExpiration && {
      noncurrentExpirationDays: NoncurrentVersionExpiration.NoncurrentDays,
    }),
    ...(AbortIncompleteMultipartUpload && {
      abortUploadDays: AbortIncompleteMultipartUpload.DaysAfterInitiation,
    }),
    expiresLoneDeleteMarkers: rule.ExpiredObjectDeleteMarker ?? false,
  };
}

function attributes(name: string, { region }: ResourceContext): Record<string, string> {
  return {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
  };
}
