import { AwsError } from '../aws-error.ts';

const codes = new Set([
  'ResourceNotFoundException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'NoSuchBucket',
]);

/** Whether an error says that what was asked for does not exist. */
export function isGone(error: unknown): boolean {
  if (error instanceof AwsError) return codes.has(error.code);
  return error instanceof Error && codes.has(error.name);
}

/** What a service answers of a resource; `undefined` when it has none. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
