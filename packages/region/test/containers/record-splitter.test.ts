import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines } from '../../containers/record-splitter.ts';

async function* chunks(text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}

async function split(text: string, size: number, maxBytes: number, single = false): Promise<string[]> {
  const requests: string[] = [];
  for await (const request of splitLines(chunks(text, size), { maxBytes, single }))
    requests.push(request.toString());
  return requests;
}

const lines = fc.array(fc.stringMatching(/^[0-9,.]{1,12}$/), { maxLength: 30 });

describe('splitLines', () => {
  test('loses no line, cuts none, and fills requests as far as they go', async () => {
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 13, max: 40 }),
        async (rows, size, maxBytes) => {
          const requests = await split(rows.map((row) => `${row}\n`).join(''), size, maxBytes);

          expect(requests.join('').split('\n').slice(0, -1)).toEqual(rows);
          for (const [at, request] of requests.entries()) {
            expect(request.length).toBeLessThanOrEqual(maxBytes);
            const next = requests[at + 1]?.split('\n')[0];
            if (next !== undefined) expect(request.length + next.length + 1).toBeGreaterThan(maxBytes);
          }
        },
      ),
    );
  });

  test('gives one line at a time when asked to', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 50 }), async (rows, size) => {
        expect(await split(rows.join('\n'), size, 100, true)).toEqual(
          rows.map((row, at) => (at < rows.length - 1 ? `${row}\n` : row)),
        );
      }),
    );
  });

  test('drops blank lines', async () => {
    expect(await split('1\n\n  \n2\n\r\n', 3, 100)).toEqual(['1\n2\n']);
  });

  test('refuses a line that is too large, before all of it has come', async () => {
    await expect(split('1234\n12345', 2, 5)).resolves.toEqual(['1234\n', '12345']);
    await expect(split('123456', 2, 5)).rejects.toThrow(
      'A record is larger than the largest request, 5 bytes',
    );
    await expect(split('12345\n', 2, 5)).rejects.toThrow('Raise MaxPayloadInMB');
  });
});
