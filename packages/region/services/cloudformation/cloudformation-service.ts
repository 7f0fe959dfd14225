import { queryService } from '../../gateway/query-service.ts';
import type { Service } from '../../gateway/service.ts';
import { type DescribedStack, describeStacks } from './describe-stacks.ts';
import { describingStacks } from './permissions.ts';

/** CloudFormation, as far as a person asks it what was deployed. Deploying is the loader's: `packages/region/cloudformation`. */
export function cloudFormationService(stacks: () => readonly DescribedStack[]): Service {
  return queryService({
    signingName: 'cloudformation',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    permissions: { DescribeStacks: describingStacks },
    operations: { DescribeStacks: (input, call) => describeStacks(stacks(), input, call) },
  });
}
