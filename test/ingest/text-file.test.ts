import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../functions/ingest/text-file.ts';

/** The bytes, cut into chunks of these sizes over and over. */
async function plain(bytes: Buffer, sizes: readonly number[] = [bytes.length + 1]): Promise<string> {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  const pieces: Buffer[] = [];
  for await (const piece of plainText(Readable.from(chunks))) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

describe('text in plain spelling', () => {
  it('has line feeds for every line end and no byte-order mark, however it comes in chunks', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '漢', '😀', '\n', '\r', '\r\n', ','),
      maxLength: 60,
    });

    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), chunkSizes, async (original, marked, sizes) => {
        const bytes = Buffer.from(`${marked ? '\ufeff' : ''}${original}`);

        expect(await plain(bytes, sizes)).toBe(original.replaceAll(/\r\n?/g, '\n'));
      }),
    );
  });

  it('is refused with the line of the first byte that is not UTF-8, however it comes in chunks', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '😀'), maxLength: 10 });
    const bad = fc.constantFrom([0xe9], [0xc3, 0x28], [0xff], [0xf0, 0x9f, 0x98], [0x80]);

    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), bad, chunkSizes, async (before, bytes, sizes) => {
        const start = before.map((each) => `${each}\n`).join('');
        const all = Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from('x\nmore\n')]);

        await expect(plain(all, sizes)).rejects.toThrow(`Line ${before.length + 1} is not UTF-8 text.`);
      }),
    );
  });

  it('may end in the middle of a line, but not of a character', async () => {
    expect(await plain(Buffer.from('a\r'), [1])).toBe('a\n');
    await expect(plain(Buffer.from('😀').subarray(0, 3), [1])).rejects.toThrow('Line 1 is not UTF-8 text.');
  });
});
