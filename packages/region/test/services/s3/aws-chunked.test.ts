import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsChunkedDecoder } from '../../../services/s3/aws-chunked.ts';

/** Feeds the pieces to a decoder. */
async function decoded(pieces: readonly Uint8Array[]) {
  const decoder = new AwsChunkedDecoder();
  const out: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      out.push(chunk);
      callback();
    },
  });
  await pipeline(Readable.from(pieces.map((piece) => Buffer.from(piece))), decoder, sink);
  return { content: Buffer.concat(out), trailers: Object.fromEntries(decoder.trailers) };
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort(
    (one, other) => one - other,
  );
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const encoded = (chunks: readonly Uint8Array[], extension: string, trailer: string) =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
      Buffer.from(chunk),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`0${extension}\r\n${trailer}\r\n`),
  ]);

test('content and trailers come out whatever the chunks are and wherever the network cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
      fc.constantFrom('', ';chunk-signature=0123abcd'),
      fc.constantFrom('', 'x-amz-checksum-crc32:AAAA==\r\n', 'A: 1\r\nb:2\r\n'),
      fc.array(fc.nat(), { maxLength: 10 }),
      async (chunks, extension, trailer, places) => {
        const { content, trailers } = await decoded(cut(encoded(chunks, extension, trailer), places));

        expect(content.equals(Buffer.concat(chunks))).toBe(true);
        const expected = { '': {}, x: { 'x-amz-checksum-crc32': 'AAAA==' }, A: { a: '1', b: '2' } };
        expect(trailers).toEqual(expected[(trailer[0] ?? '') as keyof typeof expected]);
      },
    ),
  );
});

describe('content is refused', () => {
  test.each([
    ['that ends within a chunk', '5\r\nab'],
    ['that ends before the last chunk', '2\r\nab\r\n'],
    ['without a size', 'xyz\r\nab\r\n0\r\n\r\n'],
    ['with more bytes than the chunk’s size', '1\r\nab\r\n0\r\n\r\n'],
    ['with a trailer that is none', '0\r\nnothing\r\n\r\n'],
    ['with a line that never ends', `${'1'.repeat(10_000)}`],
    ['that is empty', ''],
  ])('%s', async (_title, text) => {
    await expect(decoded([Buffer.from(text)])).rejects.toMatchObject({ code: 'IncompleteBody' });
  });
});
