import { createHash } from 'node:crypto';
import { type Authority, unlimited } from '../iam/access.ts';
import type { AccessRequest } from '../iam/access-request.ts';
import { AccessDeniedError } from '../iam/denial.ts';
import type { Caller } from './service.ts';

/** Credentials in the shape the SDK takes them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Issues an access key per role, so that each call's signature names the role that makes it, and asks the authority what
 * that role may do. Keys are derived from the role's ARN: the same over restarts. Signatures are not verified; this is a laptop.
 */
export class Roles {
  readonly #roleByAccessKey = new Map<string, string>();
  readonly #authority: Authority;

  /** @param authority decides calls; without it, as for a service on its own, every role may do anything */
  constructor(authority: Authority = unlimited) {
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
    const digest = createHash('sha256').update(roleArn).digest('hex').toUpperCase();
    const accessKeyId = `ASIATM${digest.slice(0, 14)}`;
    this.#roleByAccessKey.set(accessKeyId, roleArn);
    return { accessKeyId, secretAccessKey: digest };
  }

  callerOf(accessKeyId: string): Caller {
    const roleArn = this.#roleByAccessKey.get(accessKeyId);
    return {
      accessKeyId,
      roleArn,
      // The person at the laptop may do anything.
      demand: (requests) => (roleArn === undefined ? undefined : this.demand(roleArn, requests())),
    };
  }
}
