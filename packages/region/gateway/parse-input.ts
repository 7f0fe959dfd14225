import * as z from 'zod';
import { AwsError, unsupported } from '../aws-error.ts';

/** How a service words what is wrong with an input, if not as a `ValidationException`. */
export type Refusal = (error: z.ZodError, input: unknown) => AwsError;

const validationException: Refusal = (error) => new AwsError('ValidationException', z.prettifyError(error));

/**
 * Checks an operation's input against a strict schema of what the local region serves.
 * @param operation `service:Operation`, for messages
 * @throws AwsError `NotImplemented` for a parameter outside the schema, and the refusal for a wrong value
 */
export function parseInput<Schema extends z.ZodType>(
  operation: string,
  schema: Schema,
  input: unknown,
  refusal: Refusal = validationException,
): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    if (issue.code === 'unrecognized_keys') {
      const names = issue.keys.map((key) => [...issue.path, key].join('.'));
      throw unsupported(`${operation} with the parameter ${names.join(', ')}`);
    }
  throw refusal(parsed.error, input);
}

/** An operation of a JSON service whose input is checked before it runs. */
export function checkedOperation<Schema extends z.ZodType, Output>(
  name: string,
  schema: Schema,
  run: (input: z.infer<Schema>) => Promise<Output>,
): (input: unknown) => Promise<Output> {
  return async (input) => await run(parseInput(name, schema, input));
}
