const DIGIT_BITS = 11;
const BUCKETS = 2 ** DIGIT_BITS;

/**
 * Unsigned integers in ascending order; the argument is scratch afterwards. Least significant digit first, three
 * passes: about twice as fast as the built-in sort on the hundreds of thousands of scores a metric ranks per round.
 */
export function radixSort(keys: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  let source = keys;
  let target = new Uint32Array(keys.length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = bucketStarts(source, shift);
    for (let at = 0; at < source.length; at += 1) {
      const key = source[at] ?? 0;
      const bucket = (key >>> shift) & (BUCKETS - 1);
      const place = starts[bucket] ?? 0;
      target[place] = key;
      starts[bucket] = place + 1;
    }
    [source, target] = [target, source];
  }
  return source;
}

function bucketStarts(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(BUCKETS + 1);
  for (let at = 0; at < keys.length; at += 1) {
    const next = (((keys[at] ?? 0) >>> shift) & (BUCKETS - 1)) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let bucket = 1; bucket <= BUCKETS; bucket += 1) {
    starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
  }
  return starts;
}
