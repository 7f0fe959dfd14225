import type * as z from 'zod';
import { AwsError, unsupported } from '../../aws-error.ts';

/** @throws AwsError `NotImplemented` for a member that is not served, else `ValidationException` that names every member that is wrong */
export function parseStatesInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const names = issue.keys.map((key) => [...issue.path, key].join('.'));
    throw unsupported(`this operation of states with the parameter ${names.join(', ')}`);
  }
  const problems = parsed.error.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`);
  throw new AwsError(
    'ValidationException',
    `${problems.length} validation error detected: ${problems.join('; ')}`,
  );
}
