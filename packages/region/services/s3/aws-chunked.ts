import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from '../../aws-error.ts';

/** A chunk's header line and a trailer line are short; a longer one is not this encoding. */
const maxLineBytes = 8 * 1024;

const incomplete = () =>
  new AwsError(
    'IncompleteBody',
    'The request body terminated unexpectedly: a chunk of aws-chunked is cut off.',
  );

type State = 'header' | 'data' | 'data-end' | 'trailer' | 'done';

/**
 * Decodes the `aws-chunked` content encoding: chunks of `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, a chunk of
 * size 0, then trailers. Chunk signatures are not verified, as no signature is here.
 */
export class AwsChunkedDecoder extends Transform {
  /** Trailing headers by lower-case name; complete when the stream has ended. */
  readonly trailers = new Map<string, string>();
  #state: State = 'header';
  #line = '';
  #remaining = 0;

  override _transform(input: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    try {
      let offset = 0;
      while (offset < input.length) {
        offset = this.#state === 'data' ? this.#takeData(input, offset) : this.#takeLine(input, offset);
      }
      callback();
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(callback: TransformCallback): void {
    // Some clients leave out the empty line behind the last trailer.
    if (this.#state === 'trailer' && this.#line !== '') this.#endLine(this.#line);
    const isComplete = this.#state === 'done' || this.#state === 'trailer';
    callback(isComplete ? null : incomplete());
  }

  #takeData(input: Buffer, offset: number): number {
    const end = Math.min(offset + this.#remaining, input.length);
    this.push(input.subarray(offset, end));
    this.#remaining -= end - offset;
    if (this.#remaining === 0) this.#state = 'data-end';
    return end;
  }

  #takeLine(input: Buffer, offset: number): number {
    const newline = input.indexOf(0x0a, offset);
    const end = newline < 0 ? input.length : newline;
    this.#line += input.toString('latin1', offset, end);
    if (this.#line.length > maxLineBytes) throw incomplete();
    if (newline < 0) return input.length;
    const line = this.#line.replace(/\r$/, '');
    this.#line = '';
    this.#endLine(line);
    return newline + 1;
  }

  #endLine(line: string): void {
    if (this.#state === 'header') this.#startChunk(line);
    else if (this.#state === 'data-end') {
      if (line !== '') throw incomplete();
      this.#state = 'header';
    } else if (this.#state === 'trailer') this.#takeTrailer(line);
  }

  #startChunk(line: string): void {
    const size = /^([0-9a-f]+)(;|$)/i.exec(line)?.[1];
    if (size === undefined) throw incomplete();
    this.#remaining = Number.parseInt(size, 16);
    this.#state = this.#remaining === 0 ? 'trailer' : 'data';
  }

  #takeTrailer(line: string): void {
    if (line === '') {
      this.#state = 'done';
      return;
    }
    const colon = line.indexOf(':');
    if (colon < 0) throw incomplete();
    this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}
