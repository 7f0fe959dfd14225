/**
 * Does the work on all items, at most `limit` at a time, and gives the results in the items' order. Waits for the slowest of each
 * `limit`; what fails first is thrown, after the others of its group have settled.
 */
export async function inParallel<T, U>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T) => Promise<U>,
): Promise<U[]> {
  const results: U[] = [];
  let group: T[] = [];
  const flush = async () => {
    const settled = await Promise.allSettled(group.map(work));
    group = [];
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason;
      results.push(one.value);
    }
  };
  for await (const item of items) {
    group.push(item);
    if (group.length === limit) await flush();
  }
  await flush();
  return results;
}
