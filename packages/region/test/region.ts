import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Gateway } from '../gateway/gateway.ts';
import { Roles } from '../gateway/roles.ts';
import type { Service } from '../gateway/service.ts';
import { unlimited } from '../iam/access.ts';

export const region = 'eu-west-1';
export const accountId = '111122223333';
export const nodeModules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** What services are made with. The endpoint is known once the gateway listens. */
export interface Surroundings {
  readonly directory: string;
  readonly roles: Roles;
  readonly region: string;
  readonly accountId: string;
  readonly endpoint: () => string;
}

/** A gateway with some services on a free port, and the configuration that SDK clients need for it. */
export async function startRegion(
  makeServices: (surroundings: Surroundings) => Service[] | Promise<Service[]>,
  directory = temporaryDirectory(),
) {
  const roles = new Roles(unlimited);
  let gateway: Gateway | undefined;
  const faults: unknown[] = [];
  const services = await makeServices({
    directory,
    roles,
    region,
    accountId,
    endpoint: () => gateway?.endpoint ?? 'http://127.0.0.1:1',
  });
  gateway = await Gateway.start({
    services,
    roles,
    region,
    accountId,
    onFault: (fault) => faults.push(fault),
  });
  const { endpoint } = gateway;
  return {
    directory,
    faults,
    stop: () => gateway.stop(),
    client: {
      endpoint,
      region,
      credentials: roles.developer,
      maxAttempts: 1,
    },
  };
}

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'region-'));

/** Writes a function's code and returns its directory. */
export function writeCode(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}
