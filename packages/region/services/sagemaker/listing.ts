import * as z from 'zod';
import { validationError } from './errors.ts';

/** Members of `List…` requests that SageMaker has in common. Times are seconds. */
export const listingShape = {
  NextToken: z.string().max(8192).optional(),
  MaxResults: z.int().min(1).max(100).optional(),
  NameContains: z.string().max(63).optional(),
  CreationTimeAfter: z.number().optional(),
  CreationTimeBefore: z.number().optional(),
  LastModifiedTimeAfter: z.number().optional(),
  LastModifiedTimeBefore: z.number().optional(),
};

/** How listings of named things with a status are sorted. */
export const sortingShape = {
  SortBy: z.enum(['Name', 'CreationTime', 'Status']).optional(),
  SortOrder: z.enum(['Ascending', 'Descending']).optional(),
};

const schema = z.object(listingShape);

/** What a listing filters and sorts by. Times are milliseconds since the epoch. */
export interface Listed {
  readonly name: string;
  readonly status: string;
  readonly created: number;
  readonly modified: number;
}

interface Order<T> {
  readonly by: (item: T) => string | number;
  readonly descending: boolean;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly NextToken?: string;
}

/** One page of the items that a request asks for. The token is the number of items before the page. */
export function listPage<T extends Listed>(
  items: readonly T[],
  request: z.infer<typeof schema>,
  order: Order<T>,
): Page<T> {
  const matching = items.filter((item) => matches(item, request));
  const sorted = matching.toSorted((a, b) => compare(order.by(a), order.by(b)) * (order.descending ? -1 : 1));
  const start = Number(request.NextToken ?? 0);
  if (!Number.isInteger(start) || start < 0) throw validationError('The NextToken is not one of ours.');
  const end = start + (request.MaxResults ?? 10);
  return { items: sorted.slice(start, end), ...(end < sorted.length && { NextToken: String(end) }) };
}

function matches(item: Listed, request: z.infer<typeof schema>): boolean {
  return (
    (request.NameContains === undefined || item.name.includes(request.NameContains)) &&
    within(item.created, request.CreationTimeAfter, request.CreationTimeBefore) &&
    within(item.modified, request.LastModifiedTimeAfter, request.LastModifiedTimeBefore)
  );
}

function within(
  milliseconds: number,
  after = Number.NEGATIVE_INFINITY,
  before = Number.POSITIVE_INFINITY,
): boolean {
  return milliseconds / 1000 > after && milliseconds / 1000 < before;
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
