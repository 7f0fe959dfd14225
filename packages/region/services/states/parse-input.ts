import type * as z from 'zod';
import { AwsError } from '../../aws-error.ts';

/** @throws AwsError `ValidationException` that names every member that is wrong */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`);
  throw new AwsError(
    'ValidationException',
    `${problems.length} validation error detected: ${problems.join('; ')}`,
  );
}
