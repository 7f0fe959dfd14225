import type { Json } from '../machine-definition.schema.ts';
import { payloadBytes } from '../payload-limit.ts';

/** What one child execution gets. */
export interface Batch {
  readonly input: Json;
  /** How many of the map's items are in it. */
  readonly items: number;
}

interface BatchLimits {
  readonly maxItems: number | undefined;
  readonly maxBytes: number | undefined;
  /** The same for every batch. */
  readonly batchInput: Json | undefined;
}

/** Items in order, as many at a time as the limits allow: `{ "Items": […], "BatchInput": … }`. A batch has one item at least. */
export function batches(
  items: readonly Json[],
  { maxItems = items.length, maxBytes = Number.POSITIVE_INFINITY, batchInput }: BatchLimits,
): Batch[] {
  const inputOf = (batch: readonly Json[]): Json => ({
    Items: [...batch],
    ...(batchInput !== undefined && { BatchInput: batchInput }),
  });
  const groups: Json[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    const fits =
      last !== undefined && last.length < maxItems && payloadBytes(inputOf([...last, item])) <= maxBytes;
    if (fits) last.push(item);
    else groups.push([item]);
  }
  return groups.map((group) => ({ input: inputOf(group), items: group.length }));
}
