import * as z from 'zod';

/** Members that several operations share, with the limits of SageMaker's service model. */

/** Of jobs, endpoints, endpoint configurations and variants. */
export const entityName = z
  .string()
  .max(63)
  .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'Letters, digits and inner hyphens, 63 at most.');

/** Of models. */
export const sagemakerModelName = z
  .string()
  .max(63)
  .regex(/^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'Letters, digits and inner hyphens, 63 at most.');

export const roleArn = z
  .string()
  .min(20)
  .max(2048)
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/, 'Not the ARN of a role.');

export const imageUri = z.string().min(1).max(255).regex(/^\S+$/, 'An image has no blanks.');

export const s3Uri = z
  .string()
  .max(1024)
  .regex(/^(https|s3):\/\/([^/]+)\/?(.*)$/, 'Not the URI of an S3 object or prefix.');

/** Recorded and described; the local region has no keys, and nothing is encrypted. */
export const kmsKeyId = z.string().max(2048);

export const tags = z
  .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
  .max(50);

/** AWS adds instance types faster than its SDKs; only the form is checked. */
export const instanceType = z
  .string()
  .regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'Not an instance type like ml.m5.large.');

/** Recorded and described; a process on this machine is in no VPC. */
export const vpcConfig = z.strictObject({
  SecurityGroupIds: z.array(z.string().max(32)).min(1).max(5),
  Subnets: z.array(z.string().max(32)).min(1).max(16),
});

const variableName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'Not the name of an environment variable.');

/** At most so many variables, with values of at most so many characters. */
export function environment(variables: number, valueLength: number) {
  return z
    .record(variableName, z.string().max(valueLength))
    .refine((map) => Object.keys(map).length <= variables, `More than ${variables} variables.`);
}

export type Tags = z.infer<typeof tags>;

/** What an `S3Uri` names. */
export const s3DataType = z.enum(['ManifestFile', 'S3Prefix', 'AugmentedManifestFile', 'Converse']);

/** How objects that a job reads are packed. */
export const inputCompression = z.enum(['None', 'Gzip']);

/** Of training and of transform jobs. */
export const jobStatus = z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']);
