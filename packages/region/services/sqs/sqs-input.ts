import type * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Call } from '../../gateway/service.ts';

/** What SQS's errors say of a value out of bounds (LocalStack 8b9a79f, `test_sqs.snapshot.json`). */
const reasons: Readonly<Record<string, string>> = {
  DelaySeconds: 'Must be >= 0 and <= 900, if provided.',
  MaxNumberOfMessages: 'Must be between 1 and 10, if provided.',
  VisibilityTimeout: 'Must be >= 0 and <= 43200, if provided.',
  WaitTimeSeconds: 'Must be >= 0 and <= 20, if provided.',
  QueueName: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
};

/** An operation of SQS, with the errors by which SQS refuses a parameter. */
export function sqsOperation<Schema extends z.ZodType, Output>(
  name: string,
  schema: Schema,
  run: (input: z.infer<Schema>, call: Call) => Promise<Output>,
): (input: unknown, call: Call) => Promise<Output> {
  return async (input, call) => await run(parseInput(`sqs:${name}`, schema, input, refused), call);
}

function refused(error: z.ZodError, input: unknown): AwsError {
  const path = error.issues[0]?.path ?? [];
  const value = path.reduce<unknown>((part, key) => Object(part)[key], input);
  const parameter = String(path[0] ?? '');
  if (path[0] === 'Attributes') return invalidAttribute(String(path[1]));
  if (value === undefined || value === '') return missing(path.join('.'));
  return invalidParameter(parameter, value, reasons[parameter] ?? error.issues[0]?.message ?? '');
}

export const missing = (parameter: string) =>
  new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);

export const invalidParameter = (parameter: string, value: unknown, reason: string) =>
  invalidParameterValue(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const invalidParameterValue = (message: string) =>
  new AwsError('InvalidParameterValueException', message);

const invalidAttribute = (name: string) =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);

export const unknownAttribute = (name: string) =>
  new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
