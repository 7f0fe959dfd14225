import * as z from 'zod';

/** A processor as Firehose's own operations and CloudFormation spell it. */
const processorSchema = z.strictObject({
  Type: z.string(),
  Parameters: z.array(z.strictObject({ ParameterName: z.string(), ParameterValue: z.string() })).default([]),
});
export type Processor = z.infer<typeof processorSchema>;

/** An extended S3 destination, as far as the local region serves it. */
export const destinationSchema = z.strictObject({
  BucketARN: z.string().regex(/^arn:aws:s3:::.+$/),
  RoleARN: z.string(),
  Prefix: z.string().max(1024).default(''),
  ErrorOutputPrefix: z.string().max(1024).optional(),
  FileExtension: z
    .string()
    .regex(/^\.[0-9a-z!\-_.*'()]+$/)
    .optional(),
  CompressionFormat: z.enum(['UNCOMPRESSED', 'GZIP']).default('UNCOMPRESSED'),
  BufferingHints: z
    .strictObject({
      IntervalInSeconds: z.int().min(0).max(900).default(300),
      SizeInMBs: z.int().min(1).max(128).default(5),
    })
    .prefault({}),
  DynamicPartitioningConfiguration: z
    .strictObject({
      Enabled: z.boolean().default(false),
      RetryOptions: z.strictObject({ DurationInSeconds: z.int().min(0).max(7200) }).optional(),
    })
    .prefault({}),
  ProcessingConfiguration: z
    .strictObject({ Enabled: z.boolean().default(false), Processors: z.array(processorSchema).default([]) })
    .prefault({}),
});
export type Destination = z.infer<typeof destinationSchema>;

export const streamSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_.-]{1,64}$/),
  destination: destinationSchema,
  /** Counts the configurations: a part of every object's name. */
  version: z.int(),
  /** Milliseconds since the epoch, in virtual time. */
  createdAt: z.number(),
});
export type Stream = z.infer<typeof streamSchema>;

/** A record that is not in S3 yet. */
export const bufferedRecordSchema = z.strictObject({
  stream: z.string(),
  /** By partition key; JSON text that is the same for records of one object. */
  partition: z.string(),
  /** Why it goes to the error output instead. */
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** Milliseconds since the epoch, in virtual time. */
  arrivedAt: z.number(),
  /** Base64. */
  data: z.string(),
});
export type BufferedRecord = z.infer<typeof bufferedRecordSchema>;
