import type { Call } from '../../gateway/service.ts';

/** Who signed a call: a session of the role whose credentials they are, or the person at the laptop. The key is no part of it: it is a secret here. */
export function getCallerIdentity({ caller, accountId }: Call) {
  const role = caller.roleArn?.split('/').at(-1);
  return role === undefined
    ? { Arn: `arn:aws:iam::${accountId}:user/developer`, UserId: 'developer', Account: accountId }
    : {
        Arn: `arn:aws:sts::${accountId}:assumed-role/${role}/local`,
        UserId: `${role}:local`,
        Account: accountId,
      };
}
