import { textLines } from '@tidemark/domain/captures/text-lines.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]) {
  let start = 0;
  for (const size of sizes) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}

async function linesOf(text: string, sizes: readonly number[], longest = 1000) {
  const lines = [];
  for await (const line of textLines(inChunks(Buffer.from(text), sizes), longest)) {
    lines.push(line.kind === 'line' ? line.text : line.kind);
  }
  return lines;
}

describe('textLines', () => {
  it('finds the same lines however the stream is cut, through characters too', async () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, '')));

    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.array(fc.nat(7)),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        async (some, sizes, end, ends) => {
          const text = some.join(end) + (ends ? end : '');
          expect(await linesOf(text, sizes)).toEqual(some.filter((line) => line.trim() !== ''));
        },
      ),
    );
  });

  it('counts lines alike whatever ends them', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      for (const size of [1, 2, 3, 50]) {
        const bytes = Buffer.from(['a', '', 'b', 'c'].join(end));
        const sizes = Array.from({ length: bytes.length }, () => size);
        const numbers = [];
        for await (const { number } of textLines(inChunks(bytes, sizes), 1000)) numbers.push(number);

        expect(numbers).toEqual([1, 3, 4]);
      }
    }
  });

  it('passes over a line that is too long, and tells', async () => {
    expect(await linesOf(`a\n${'b'.repeat(50)}\nc`, [3, 10, 10], 10)).toEqual(['a', 'too-long', 'c']);
    expect(await linesOf(`a\n${'b'.repeat(50)}`, [1, 5, 5], 10)).toEqual(['a', 'too-long']);
  });
});
