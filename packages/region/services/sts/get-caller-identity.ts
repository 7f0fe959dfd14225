import type { Call } from '../../gateway/service.ts';
import { callerIdentity } from './caller-identity.ts';

/** Who signed a call. */
export function getCallerIdentity({ caller, accountId }: Call) {
  const { arn, userId } = callerIdentity(caller, accountId);
  return { Arn: arn, UserId: userId, Account: accountId };
}
