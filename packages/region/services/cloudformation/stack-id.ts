import { createHash } from 'node:crypto';
import type { Place } from '../../iam/access-request.ts';

/** The ARN of a stack. AWS ends it with a random id; here it follows from the name. */
export function stackId(stackName: string, { region, accountId }: Place): string {
  const id = createHash('sha256').update(stackName).digest('hex').slice(0, 32);
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${id}`;
}
