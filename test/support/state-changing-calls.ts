import type { IncomingMessage } from 'node:http';

/**
 * Which operation of AWS a request asks for: `dynamodb TransactWriteItems`, `s3 PUT`, `scheduler POST /schedules/…`.
 * @returns nothing for what is no call of AWS, such as a function's asking for work.
 */
export function operationOf({
  headers,
  method,
  url = '',
}: Pick<IncomingMessage, 'headers' | 'method' | 'url'>): string | undefined {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  if (service === undefined) return undefined;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return `${service} ${target.split('.').at(-1)}`;
  const named = /\/operation\/(\w+)$/.exec(url)?.[1];
  if (named !== undefined) return `${service} ${named}`;
  return service === 's3' ? `s3 ${method}` : `${service} ${method} ${url.split('?')[0]}`;
}

const reading = /^\S+ (?:GET|HEAD|Get|List|Describe|Query|Scan|BatchGet)/;
/** What a function or an endpoint does by being asked, it does by calls of its own. */
const invoking = /^\S+ POST \S*\/invocations$/;

/** Whether the region is another after it. */
export const isStateChanging = (operation: string): boolean =>
  !reading.test(operation) && !invoking.test(operation);
