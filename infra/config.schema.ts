import { allowedImages, isolationRule } from '@tidemark/domain/definition/image-limits.schema.ts';
import { stageName } from '@tidemark/domain/names.ts';
import * as z from 'zod';

/**
 * Everything that may differ between two deployments. Read from the `tidemark` object in `cdk.json`'s context, where
 * `stages` has what differs from stage to stage; every field has a safe default.
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
    .strictObject({
      subnetIds: z
        .array(z.string().regex(/^subnet-/, 'must begin with subnet-'))
        .min(1)
        .max(16),
      securityGroupIds: z.array(z.string().regex(/^sg-/, 'must begin with sg-')).min(1).max(5),
      /** Whether functions run in it too. They then reach AWS's services by what the network offers: endpoints or a way out. */
      functions: z.boolean().default(false),
    })
    .optional(),
  /** What the account demands of IAM roles. */
  roles: z
    .strictObject({
      /** Name or ARN of the policy that limits whatever any role may do. */
      permissionsBoundary: z
        .string()
        .regex(
          /^(arn:[\w-]+:iam::(\d{12}|aws):policy\/\S+|[\w+=,.@-]{1,128})$/,
          'must be the name or ARN of a policy',
        )
        .optional(),
      /** Where roles are, such as `/ml/tidemark/`. Decide before the first deployment: a role that has a name does not move. */
      path: z
        .string()
        .max(100)
        .regex(/^\/([\w+=,.@-]+\/)*$/, 'must begin and end with a slash')
        .default('/'),
      /** What names of roles begin with. As `path`, to be decided before the first deployment. */
      namePrefix: z
        .string()
        .regex(/^[\w+=,.@-]{1,16}$/, 'must have 1 to 16 letters, digits or +=,.@-')
        .optional(),
    })
    .prefault({}),
  /** Put on everything that can have tags, and on what workflows make in SageMaker, beside our own. */
  tags: z
    .record(
      z.string(),
      z
        .string()
        .regex(/^[\p{L}\p{N}\s_.:/=+@-]{0,256}$/u, 'must have at most 256 letters, digits or _.:/=+@-'),
    )
    .refine(
      (tags) =>
        Object.keys(tags).every((key) => /^(?!aws:|tidemark:)[\p{L}\p{N}\s_.:/=+@-]{1,128}$/iu.test(key)),
      'must have keys of 1 to 128 letters, digits or _.:/=+@-, and none that begins with aws: or tidemark:',
    )
    .refine(
      (tags) => JSON.stringify(tags).length <= 1500,
      'must not be longer than 1,500 characters as JSON: functions know them',
    )
    .default({}),
  /** Where `cdk bootstrap --qualifier` put the bucket and roles that deployments use; CDK's own without it. */
  bootstrapQualifier: z
    .string()
    .regex(/^[a-z0-9]{1,10}$/, 'must have 1 to 10 lower-case letters or digits')
    .optional(),
  /**
   * Executions of the account's Lambda concurrency that are kept for the prediction function: workflows cannot take them, and it cannot
   * take more. Off without it: Lambda keeps 100 unreserved, so that an account with fewer than 101 can reserve none.
   */
  predictConcurrency: z.int().min(1).max(100_000).optional(),
  /** Told when a workflow fails or an event cannot be delivered. */
  alarmEmail: z.email().optional(),
  logRetentionDays: z.literal([1, 3, 7, 14, 30, 90, 180, 365]).default(90),
  /** Whether functions and state machines send traces to X-Ray: 5 USD per million traces, and none of the content of a row. */
  tracing: z.boolean().default(false),
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
      serverlessMaxConcurrency: z.int().min(1).max(100_000).default(10),
      /** Serverless endpoints of an account in a region, of all models together. */
      serverlessEndpoints: z.int().min(1).max(100_000).default(50),
      /** Instances of endpoints by type (Service Quotas, `ml.m5.large for endpoint usage`), of all models together; types that are not named are not counted. */
      instances: z.record(z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/), z.int().min(0)).default({}),
      trainingMinutes: z.int().min(1).max(40_320).default(1440),
      /**
       * Repositories of ECR that images of one's own may come from; without it any, as they are isolated. An asterisk for the last name
       * allows all below a path.
       */
      images: allowedImages.optional(),
      /** `where-allowed` lets images of `images` run with a network and with the credentials of all models' role, where a definition asks for it. */
      networkIsolation: isolationRule.default('always'),
    })
    .refine(({ images, networkIsolation }) => networkIsolation === 'always' || images !== undefined, {
      path: ['images'],
      message:
        'must list the repositories whose images may run without isolation when `networkIsolation` is `where-allowed`',
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;
