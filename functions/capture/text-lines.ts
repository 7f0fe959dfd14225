/** A line of a text, or why there is none. */
export type TextLine =
  | { readonly kind: 'line'; readonly text: string; readonly number: number }
  /** Longer than allowed; it was passed over to the next one. */
  | { readonly kind: 'too-long'; readonly number: number };

/**
 * Splits a stream of bytes into lines, numbered from 1, empty ones counted and left out, holding no more of it than the longest line may have. The last line needs no
 * end: what is broken off is for the reader to notice.
 * @param longest in bytes
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
): AsyncGenerator<TextLine> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let number = 0;
  const take = (last: Uint8Array): TextLine | undefined => {
    const bytes = heldBytes + last.length;
    const line = bytes > longest ? undefined : Buffer.concat([...held, last]).toString('utf8');
    held = [];
    heldBytes = 0;
    number += 1;
    if (line === undefined) return { kind: 'too-long', number };
    return line.trim() === '' ? undefined : { kind: 'line', text: line, number };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const line = take(chunk.subarray(start, end));
      if (line) yield line;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    heldBytes += rest.length;
    // What is too long already is counted and not kept.
    if (heldBytes <= longest) held.push(rest);
    else held = [];
  }
  const line = take(new Uint8Array());
  if (line) yield line;
}
