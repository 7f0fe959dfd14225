import { createHash } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { Call } from '../../gateway/service.ts';

/** What a deployed stack is asked about. */
export interface DescribedStack {
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Stacks with their outputs: all, or the one that `StackName` names by its name or its ARN. */
export function describeStacks(
  stacks: readonly DescribedStack[],
  parameters: URLSearchParams,
  call: Pick<Call, 'region' | 'accountId' | 'caller'>,
) {
  const described = stacks.map((stack) => description(stack, call));
  const wanted = parameters.get('StackName');
  const found = described.filter(
    ({ StackName, StackId }) => wanted === null || [StackName, StackId].includes(wanted),
  );
  const resources = wanted === null ? ['*'] : found.map(({ StackId }) => StackId);
  call.caller.demand(() =>
    resources.map((resource) => ({ action: 'cloudformation:DescribeStacks', resource })),
  );
  if (wanted !== null && found.length === 0)
    throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
  return { Stacks: { member: found } };
}

function description(
  { stackName, outputs }: DescribedStack,
  { region, accountId }: Pick<Call, 'region' | 'accountId'>,
) {
  const id = createHash('sha256').update(stackName).digest('hex').slice(0, 32);
  return {
    StackName: stackName,
    StackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${id}`,
    StackStatus: 'UPDATE_COMPLETE',
    // When it was first deployed is nowhere kept.
    CreationTime: new Date(0).toISOString(),
    Outputs: {
      member: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    },
  };
}
