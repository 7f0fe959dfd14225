import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import { none } from '../../gateway/permissions.ts';
import { queryService } from '../../gateway/query-service.ts';
import type { Service } from '../../gateway/service.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

/** STS knows one question: who am I? Anybody may ask it. */
export function stsService(): Service {
  return queryService({
    signingName: 'sts',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    permissions: { GetCallerIdentity: none },
    operations: {
      GetCallerIdentity(input, call) {
        parseInput('sts:GetCallerIdentity', z.strictObject({}), input);
        return getCallerIdentity(call);
      },
    },
  });
}
