import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Input } from '../../gateway/permissions.ts';
import type { Place } from '../../iam/access-request.ts';
import { stackId } from './stack-id.ts';

/** What a deployed stack is asked about. */
export interface DescribedStack {
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const inputSchema = z.strictObject({ StackName: z.string().min(1).exactOptional() });

/** Stacks with their outputs: all, or the one that `StackName` names by its name or its ARN. */
export function describeStacks(stacks: readonly DescribedStack[], input: Input, place: Place) {
  const { StackName: wanted } = parseInput('cloudformation:DescribeStacks', inputSchema, input);
  const described = stacks.map((stack) => description(stack, place));
  const found = described.filter(
    ({ StackName, StackId }) => wanted === undefined || [StackName, StackId].includes(wanted),
  );
  if (wanted !== undefined && found.length === 0)
    throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
  return { Stacks: { member: found } };
}

function description({ stackName, outputs }: DescribedStack, place: Place) {
  return {
    StackName: stackName,
    StackId: stackId(stackName, place),
    StackStatus: 'UPDATE_COMPLETE',
    // When it was first deployed is nowhere kept.
    CreationTime: new Date(0).toISOString(),
    Outputs: {
      member: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    },
  };
}
