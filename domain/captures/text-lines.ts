/** A line of a text, or why there is none. */
export type TextLine =
  | { readonly kind: 'line'; readonly text: string; readonly number: number }
  /** Longer than allowed; it was passed over to the next one. */
  | { readonly kind: 'too-long'; readonly number: number };

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/**
 * Splits a stream of bytes into lines (LF, CR LF or CR), numbered from 1, empty ones counted and left out, holding no more of it than the longest line may have. The last line needs no
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
  let endedByReturn = false;
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
    // A line feed after a carriage return ends no other line.
    let start = endedByReturn && chunk[0] === lineFeed ? 1 : 0;
    if (chunk.length > 0) endedByReturn = chunk.at(-1) === carriageReturn;
    let [feed, turn] = [chunk.indexOf(lineFeed, start), chunk.indexOf(carriageReturn, start)];
    while (feed !== -1 || turn !== -1) {
      const isReturn = feed === -1 || (turn !== -1 && turn < feed);
      const end = isReturn ? turn : feed;
      const line = take(chunk.subarray(start, end));
      if (line) yield line;
      start = end + (isReturn && chunk[end + 1] === lineFeed ? 2 : 1);
      if (feed !== -1 && feed < start) feed = chunk.indexOf(lineFeed, start);
      if (turn !== -1 && turn < start) turn = chunk.indexOf(carriageReturn, start);
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
