/** A single record is larger than a request may be. */
export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError';
}

interface Batching {
  /** Largest request, in bytes. */
  readonly maxBytes: number;
  /** Whether each record is a request of its own. */
  readonly single: boolean;
}

const NEWLINE = 0x0a;

/**
 * Cuts a stream at line ends into requests of whole lines, as many to a request as fit. Lines keep their ends; blank
 * ones are dropped.
 */
export async function* splitLines(stream: AsyncIterable<Buffer>, batching: Batching): AsyncGenerator<Buffer> {
  const batch = new Batch(batching);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, start)) {
      yield* batch.add(rest.subarray(start, end + 1));
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > batching.maxBytes) throw tooLarge(batching);
  }
  yield* batch.add(rest);
  yield* batch.flush();
}

/** The whole stream as one request. */
export async function* unsplit(
  stream: AsyncIterable<Buffer>,
  { maxBytes }: Batching,
): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge({ maxBytes });
    chunks.push(chunk);
  }
  yield Buffer.concat(chunks);
}

class Batch {
  readonly #batching: Batching;
  #lines: Buffer[] = [];
  #bytes = 0;

  constructor(batching: Batching) {
    this.#batching = batching;
  }

  *add(line: Buffer): Generator<Buffer> {
    if (line.toString('latin1').trim() === '') return;
    if (line.length > this.#batching.maxBytes) throw tooLarge(this.#batching);
    if (this.#batching.single || this.#bytes + line.length > this.#batching.maxBytes) yield* this.flush();
    this.#lines.push(line);
    this.#bytes += line.length;
  }

  *flush(): Generator<Buffer> {
    if (this.#lines.length > 0) yield Buffer.concat(this.#lines);
    this.#lines = [];
    this.#bytes = 0;
  }
}

function tooLarge({ maxBytes }: Pick<Batching, 'maxBytes'>): RecordTooLargeError {
  return new RecordTooLargeError(
    `A record is larger than the largest request, ${maxBytes} bytes. Raise MaxPayloadInMB.`,
  );
}
