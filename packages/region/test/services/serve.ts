import { Gateway } from '../../gateway/gateway.ts';
import { Roles } from '../../gateway/roles.ts';
import type { Service } from '../../gateway/service.ts';
import { unlimited } from '../../iam/access.ts';

/** Where a service under test says it is. */
export const place = { region: 'eu-west-1', accountId: '000000000000' };

/** One service over HTTP on a free port, and what an SDK client needs for it. Stopping closes the service too. */
export async function serve(service: Service) {
  const roles = new Roles(unlimited);
  const gateway = await Gateway.start({ ...place, services: [service], roles });
  return {
    /** For calls that a role makes. */
    roles,
    clientConfig: {
      region: place.region,
      endpoint: gateway.endpoint,
      credentials: roles.developer,
      maxAttempts: 1,
    },
    stop: () => gateway.stop(),
  };
}

export type Served = Awaited<ReturnType<typeof serve>>;
