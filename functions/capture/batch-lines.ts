/**
 * Consecutive lines in as few batches as fit a number of bytes, each line with its end. A line that is longer by itself is a batch of its
 * own, for its receiver to refuse.
 */
export function batchLines(
  lines: readonly string[],
  maximumBytes: number,
  maximumLines = Number.POSITIVE_INFINITY,
): string[][] {
  const batches: string[][] = [];
  let bytes = 0;
  let current: string[] | undefined;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + 1;
    if (current === undefined || bytes + size > maximumBytes || current.length === maximumLines) {
      current = [];
      batches.push(current);
      bytes = 0;
    }
    current.push(line);
    bytes += size;
  }
  return batches;
}
