import { AwsError } from '../../aws-error.ts';

/** AWS's page size when none is asked for. */
const defaultPage = 100;

interface PageInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** One page of a list; a token is the position at which the next page begins. */
export function pageByPosition<Item>(
  items: readonly Item[],
  { maxResults, nextToken }: PageInput,
): { readonly items: Item[]; readonly nextToken?: string } {
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`);
  }
  // 0 means the default, as in AWS.
  const end = start + (maxResults || defaultPage);
  return {
    items: items.slice(start, end),
    ...(end < items.length && { nextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
