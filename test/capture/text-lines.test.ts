import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textLines } from '../../functions/capture/text-lines.ts';

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
    const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')));

    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(7)), fc.boolean(), async (some, sizes, ends) => {
        const text = some.join('\n') + (ends ? '\n' : '');
        expect(await linesOf(text, sizes)).toEqual(some.filter((line) => line.trim() !== ''));
      }),
    );
  });

  it('passes over a line that is too long, and tells', async () => {
    expect(await linesOf(`a\n${'b'.repeat(50)}\nc`, [3, 10, 10], 10)).toEqual(['a', 'too-long', 'c']);
    expect(await linesOf(`a\n${'b'.repeat(50)}`, [1, 5, 5], 10)).toEqual(['a', 'too-long']);
  });
});
