import { InvariantError } from '../errors.ts';

/**
 * Does the work on all items and gives the results in the items' order. At most `limit()` are at work or wait to be taken, so memory holds
 * as many, however many items there are. The limit is asked before each item is begun: what was taken may change it.
 * Ends, or throws what failed first by order, only after everything that was begun has settled.
 */
export async function* inOrder<T, U>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: () => number,
  work: (item: T) => Promise<U>,
): AsyncGenerator<U> {
  const begun: Promise<() => U>[] = [];
  try {
    for await (const item of items) {
      begun.push(settled(work(item)));
      while (begun.length >= limit()) yield await first(begun);
    }
    while (begun.length > 0) yield await first(begun);
  } finally {
    await Promise.all(begun);
  }
}

/** Never rejects, so that a failure waits for its turn; asking for the result throws it. */
function settled<U>(work: Promise<U>): Promise<() => U> {
  return work.then(
    (result) => () => result,
    (error: unknown) => () => {
      throw error;
    },
  );
}

async function first<U>(begun: Promise<() => U>[]): Promise<U> {
  const next = begun.shift();
  if (next === undefined) throw new InvariantError('There is no work to wait for.');
  const result = await next;
  return result();
}
