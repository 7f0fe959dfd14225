import * as z from 'zod';

/** What every list takes. Numbers come as the text of a query. */
export const pageSchema = {
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NamePrefix: z.string().optional(),
  NextToken: z.string().optional(),
};

/** The items behind the token, which is the key of the last one that was told. */
export function pageByKey<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { MaxResults, NextToken }: { readonly MaxResults: number; readonly NextToken?: string | undefined },
): { items: readonly Item[]; NextToken: string | undefined } {
  const start = NextToken === undefined ? 0 : items.findIndex((item) => keyOf(item) > NextToken);
  const found = start < 0 ? [] : items.slice(start, start + MaxResults);
  const last = found.at(-1);
  const hasMore = start >= 0 && start + MaxResults < items.length;
  return { items: found, NextToken: hasMore && last !== undefined ? keyOf(last) : undefined };
}
