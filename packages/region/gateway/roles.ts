import { randomBytes } from 'node:crypto';
import type { Authority } from '../iam/access.ts';
import type { AccessRequest } from '../iam/access-request.ts';
import { AccessDeniedError } from '../iam/denial.ts';
import type { Caller } from './service.ts';

/** Credentials in the shape the SDK takes them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Issues an access key to the person at the laptop and one per role, so that each call's signature names who makes it, and asks the
 * authority what that role may do. Keys are random and new at every start. Signatures are not verified: the key itself is the secret,
 * which no web page and no other user of the machine can know.
 */
export class Roles {
  /** Of the person at the laptop. */
  readonly developer: RoleCredentials = newCredentials('AKIA');
  readonly #byRole = new Map<string, RoleCredentials>();
  readonly #roleByAccessKey = new Map<string, string>();
  readonly #authority: Authority;

  /** @param authority decides calls; `unlimited` where a service is looked at on its own */
  constructor(authority: Authority) {
    this.#authority = authority;
  }

  /**
   * Asks a role's trust policy whether a service may act as that role.
   * @param service such as `lambda.amazonaws.com`
   * @param sourceArn the resource for which it acts
   * @throws AccessDeniedError when it may not, or there is no such role
   */
  assume(roleArn: string, service: string, sourceArn?: string): void {
    const principal = {
      kind: 'service' as const,
      name: service,
      ...(sourceArn !== undefined && { sourceArn }),
    };
    this.#authority.demand(principal, [{ action: 'sts:AssumeRole', resource: roleArn }]);
  }

  /** Asks what a role may do, for what a service does in its name without a call. @throws AccessDeniedError */
  demand(roleArn: string, requests: readonly AccessRequest[]): void {
    this.#authority.demand({ kind: 'role', arn: roleArn }, requests);
  }

  /** As `demand`, where AWS goes on without what is refused. The refusal is told all the same. */
  isAllowed(roleArn: string, requests: readonly AccessRequest[]): boolean {
    try {
      this.demand(roleArn, requests);
      return true;
    } catch (error) {
      if (error instanceof AccessDeniedError) return false;
      throw error;
    }
  }

  /** Asks a resource's policy what a service may do on its own account. @throws AccessDeniedError */
  demandOfService(service: string, sourceArn: string, request: AccessRequest): void {
    this.#authority.demand({ kind: 'service', name: service, sourceArn }, [request]);
  }

  credentialsFor(roleArn: string): RoleCredentials {
    const known = this.#byRole.get(roleArn);
    if (known) return known;
    const credentials = newCredentials('ASIA');
    this.#byRole.set(roleArn, credentials);
    this.#roleByAccessKey.set(credentials.accessKeyId, roleArn);
    return credentials;
  }

  /** Who holds a key; nobody, if it was not issued here. */
  callerOf(accessKeyId: string): Caller | undefined {
    // The person at the laptop may do anything.
    if (accessKeyId === this.developer.accessKeyId)
      return { accessKeyId, roleArn: undefined, demand: () => undefined };
    const roleArn = this.#roleByAccessKey.get(accessKeyId);
    if (roleArn === undefined) return undefined;
    return { accessKeyId, roleArn, demand: (requests) => this.demand(roleArn, requests()) };
  }
}

/** @param prefix as AWS's keys begin: `AKIA` of users, `ASIA` of sessions. 128 random bits follow. */
function newCredentials(prefix: 'AKIA' | 'ASIA'): RoleCredentials {
  const random = () => randomBytes(16).toString('hex').toUpperCase();
  return { accessKeyId: `${prefix}${random()}`, secretAccessKey: random() };
}
