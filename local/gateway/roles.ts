import { createHash } from 'node:crypto';
import type { Caller } from './service.ts';

/** Credentials in the shape the SDK takes them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Issues an access key per role, so that each call's signature names the role that makes it.
 * Keys are derived from the role's ARN: the same over restarts. Signatures are not verified; this is a laptop.
 */
export class Roles {
  readonly #roleByAccessKey = new Map<string, string>();

  credentialsFor(roleArn: string): RoleCredentials {
    const digest = createHash('sha256').update(roleArn).digest('hex').toUpperCase();
    const accessKeyId = `ASIATM${digest.slice(0, 14)}`;
    this.#roleByAccessKey.set(accessKeyId, roleArn);
    return { accessKeyId, secretAccessKey: digest };
  }

  callerOf(accessKeyId: string): Caller {
    return { accessKeyId, roleArn: this.#roleByAccessKey.get(accessKeyId) };
  }
}
