import type { AccessRequest, Place } from '../iam/access-request.ts';
import type { Input, PermissionsOf } from './permissions.ts';

/** The part of a call that its guard needs. */
interface Asking extends Place {
  readonly caller: { demand(requests: () => readonly AccessRequest[]): void };
}

/**
 * Asks what a caller may do before an operation runs. Every service has one, which its protocol's factory makes.
 * @typeParam Request what permissions are worked out of: the input, where the protocol has no form of its own
 */
export class Guard<Request = Input> {
  readonly #permissions: ReadonlyMap<string, PermissionsOf<Request>>;

  /** @throws Error for an operation without permissions, or permissions of one that is not served: then nothing may start */
  constructor(
    service: string,
    operations: readonly string[],
    permissions: Readonly<Record<string, PermissionsOf<Request>>>,
  ) {
    const unknown = operations.filter((name) => !Object.hasOwn(permissions, name));
    const idle = Object.keys(permissions).filter((name) => !operations.includes(name));
    if (unknown.length > 0) {
      throw new Error(
        `${service}: the permissions of ${unknown.join(', ')} are missing; give them, or none.`,
      );
    }
    if (idle.length > 0) throw new Error(`${service}: there is no operation ${idle.join(', ')}.`);
    this.#permissions = new Map(Object.entries(permissions));
  }

  /** @throws AccessDeniedError */
  ask(operation: string, request: Request, call: Asking): void {
    const permissions = this.#permissions.get(operation);
    if (!permissions) throw new Error(`Nobody says which permissions ${operation} takes.`);
    call.caller.demand(() => permissions(request, call));
  }
}
