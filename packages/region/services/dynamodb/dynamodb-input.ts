import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { parseInput } from '../../gateway/parse-input.ts';

/** By DynamoDB's naming rules. */
export const tableNameSchema = z
  .string()
  .regex(/^[a-zA-Z0-9_.-]+$/)
  .min(3)
  .max(255);

/**
 * Checks an operation's input, with errors in DynamoDB's words:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CommonErrors.html
 * @throws AwsError `NotImplemented`, `ValidationException`
 */
export function parseDynamoDbInput<Schema extends z.ZodType>(
  operation: string,
  schema: Schema,
  input: unknown,
): z.infer<Schema> {
  return parseInput(`dynamodb:${operation}`, schema, input, refused);
}

function refused({ issues }: z.ZodError): AwsError {
  const texts = issues.map(
    (issue) => `Value at '${memberPath(issue.path)}' failed to satisfy constraint: ${constraintOf(issue)}`,
  );
  const errors = texts.length === 1 ? 'error' : 'errors';
  return new AwsError(
    'ValidationException',
    `${texts.length} validation ${errors} detected: ${texts.join('; ')}`,
  );
}

/** `TransactItems[1].Put.tableName`, as DynamoDB writes it: `transactItems.1.put.tableName`. */
function memberPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) =>
      typeof part === 'number' ? part + 1 : `${String(part)[0]?.toLowerCase()}${String(part).slice(1)}`,
    )
    .join('.');
}

function constraintOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big')
    return `Member must have ${measure(issue.origin)} less than or equal to ${issue.maximum}`;
  if (issue.code === 'too_small')
    return `Member must have ${measure(issue.origin)} greater than or equal to ${issue.minimum}`;
  if (issue.code === 'invalid_format' && issue.pattern !== undefined)
    return `Member must satisfy regular expression pattern: ${issue.pattern.replace(/^\/\^|\$\/$/g, '')}`;
  if (issue.code === 'invalid_value')
    return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
  return issue.code === 'invalid_type' ? 'Member must not be null' : issue.message;
}

const measure = (origin: string) => (['string', 'array', 'set'].includes(origin) ? 'length' : 'value');
