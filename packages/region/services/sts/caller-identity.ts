import type { Caller } from '../../gateway/service.ts';

/** Who signed a call: a session of the role whose credentials they are, or the person at the laptop. The key is no part of it: it is a secret here. */
export function callerIdentity(
  { roleArn }: Pick<Caller, 'roleArn'>,
  accountId: string,
): { readonly arn: string; readonly userId: string } {
  const role = roleArn?.split('/').at(-1);
  return role === undefined
    ? { arn: `arn:aws:iam::${accountId}:user/developer`, userId: 'developer' }
    : { arn: `arn:aws:sts::${accountId}:assumed-role/${role}/local`, userId: `AROA${role}:local` };
}
