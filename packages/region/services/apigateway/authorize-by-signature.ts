import { createHash } from 'node:crypto';
import type { Roles } from '../../gateway/roles.ts';
import type { Caller } from '../../gateway/service.ts';
import type { Place } from '../../iam/access-request.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import { callerIdentity } from '../sts/caller-identity.ts';
import type { ApiRequest } from './api-request.ts';
import { forbidden } from './refusal.ts';
import { defaultRoute } from './route-key.ts';

/** `requestContext.authorizer.iam` */
export interface IamContext {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

const signature =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/,\s]+)\/\d{8}\/[^/,\s]+\/execute-api\/aws4_request\b/;

/**
 * Admits a request by the key that signed it, if the policies of its role allow `execute-api:Invoke` on the method and path that
 * were called.
 * @throws ApiRefusal 403, also for a request that is not signed for `execute-api`
 */
export function authorizeBySignature(
  { headers, method, path }: ApiRequest,
  apiId: string,
  roles: Roles,
  { region, accountId }: Place,
): { readonly caller: Caller; readonly context: IamContext } {
  const key = signature.exec(headers.authorization ?? '')?.groups?.key;
  const caller = key === undefined ? undefined : roles.callerOf(key);
  if (!caller) throw forbidden();
  const resource = `arn:aws:execute-api:${region}:${accountId}:${apiId}/${defaultRoute}/${method}${path}`;
  try {
    caller.demand(() => [{ action: 'execute-api:Invoke', resource }]);
  } catch (error) {
    if (error instanceof AccessDeniedError) throw forbidden();
    throw error;
  }
  const { arn, userId } = callerIdentity(caller, accountId);
  return {
    caller,
    context: {
      accessKey: publicKeyId(caller.accessKeyId),
      accountId,
      callerId: userId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: arn,
      userId,
    },
  };
}

/** In the place of an access key, which is a secret here: the same for the same key, and of the form of AWS's. */
export function publicKeyId(accessKeyId: string): string {
  const digest = createHash('sha256').update(accessKeyId).digest('hex').toUpperCase();
  return `${accessKeyId.slice(0, 4)}${digest.slice(0, 16)}`;
}
