import type { IncomingMessage } from 'node:http';

/** The API of a request, and the path and query that it sees. */
export interface ApiAddress {
  readonly apiId: string;
  readonly target: string;
}

const host = /^(?<apiId>[a-z0-9]+)\.execute-api\.localhost(?::\d+)?$/i;
const prefixed = /^\/_aws\/execute-api\/(?<apiId>[a-z0-9]+)(?<target>[/?].*)?$/;

/** The address of an API at the gateway: it needs no name server, where `<api-id>.execute-api.localhost` may. */
export const apiEndpoint = (gatewayEndpoint: string, apiId: string): string =>
  `${gatewayEndpoint}/_aws/execute-api/${apiId}`;

/** @returns nothing for a request that is for no API */
export function apiAddress({ headers, url = '/' }: IncomingMessage): ApiAddress | undefined {
  const apiId = host.exec(headers.host ?? '')?.groups?.apiId;
  if (apiId !== undefined) return { apiId: apiId.toLowerCase(), target: url };
  const groups = prefixed.exec(url)?.groups;
  if (groups?.apiId === undefined) return undefined;
  const { target = '/' } = groups;
  return { apiId: groups.apiId, target: target.startsWith('?') ? `/${target}` : target };
}
