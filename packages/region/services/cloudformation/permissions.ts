import { optionalText, type Permissions } from '../../gateway/permissions.ts';
import { stackId } from './stack-id.ts';

/** By the Service Authorization Reference of CloudFormation: one stack by its ARN, whether it is there or not; all of them by `*`. */
export const describingStacks: Permissions = (input, place) => {
  const wanted = optionalText(input, 'StackName');
  if (wanted === undefined) return [{ action: 'cloudformation:DescribeStacks', resource: '*' }];
  const resource = wanted.startsWith('arn:') ? wanted : stackId(wanted, place);
  return [{ action: 'cloudformation:DescribeStacks', resource }];
};
