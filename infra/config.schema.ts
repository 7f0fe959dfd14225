import { z } from 'zod';
import { stageName } from '../functions/names.ts';

/**
 * Everything that may differ between two deployments. Read from the `tidemark` object in `cdk.json`'s context, or from
 * `-c stage=prod` and friends on the command line; every field has a safe default.
 */
export const configSchema = z.strictObject({
  /** Part of every name, so that two stages fit in one account. */
  stage: stageName.default('dev'),
  /** What becomes of buckets and the table when their stack is deleted. CloudFormation deletes no bucket that is not empty. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  /** `customer` makes one KMS key (about 1 USD a month) for buckets, table and jobs; `aws` uses the services' own. */
  encryption: z.enum(['aws', 'customer']).default('aws'),
  /** Subnets and security groups that training jobs and instance endpoints run in. Without it they run in SageMaker's own network. */
  vpc: z
    .strictObject({ subnetIds: z.array(z.string()).min(1), securityGroupIds: z.array(z.string()).min(1) })
    .optional(),
  /** Told when a workflow fails or an event cannot be delivered. */
  alarmEmail: z.email().optional(),
  logRetentionDays: z.literal([1, 3, 7, 14, 30, 90, 180, 365]).default(90),
  /** Days that audit objects cannot be deleted by anybody but an administrator (S3 Object Lock, governance mode). */
  auditRetentionDays: z.int().min(1).max(3650).default(365),
  /**
   * Days that captured predictions are kept, and for a week more as deleted versions. Their reports, and rows that a retraining took from
   * them, stay. Windows look back a month; a retraining, from a month before the live version was made.
   */
  captureRetentionDays: z.int().min(60).max(3650).default(365),
  /** Tag of the built-in XGBoost image. A model is served with the tag that trained it. */
  xgboostVersion: z.enum(['1.7-1', '3.0-5', '3.2-0']).default('1.7-1'),
  /** Limits that keep a definition within the account's quotas. */
  limits: z
    .strictObject({
      /** New accounts may have 10 concurrent serverless invocations in all (Service Quotas L-96300102). */
      serverlessMaxConcurrency: z.int().min(1).max(200).default(10),
      trainingMinutes: z.int().min(1).max(40_320).default(1440),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;
