import { gzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Services, startServices } from '../../support/services.ts';

let services: Services;
let objects: Objects;
beforeAll(async () => {
  services = await startServices({ buckets: { artifacts: {} } });
  objects = new Objects(new S3Client(services.sdkConfig));
});
afterAll(() => services.stop());

async function linesOf(key: string, bytes: Uint8Array): Promise<unknown[]> {
  const pin = await objects.putBytes('artifacts', key, bytes, 'application/octet-stream');
  const lines = [];
  for await (const line of linesOfObject(objects, pin)) lines.push(line);
  return lines;
}
const line = (text: string, number: number) => ({ kind: 'line', text, number });

/** Lines that do not compress, so that half of the file is half of them. */
const many = Array.from({ length: 20_000 }, (_, index) => String(Math.sin(index)));

describe('the lines of an object', () => {
  it('are those of its text', async () => {
    expect(await linesOf('a.jsonl', Buffer.from('{"a":1}\n{"b":"ä"}\n'))).toEqual([
      line('{"a":1}', 1),
      line('{"b":"ä"}', 2),
    ]);
  });

  it('are those of all its compressed parts', async () => {
    const parts = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":2}\n')]);

    expect(await linesOf('a.gz', parts)).toEqual([line('{"a":1}', 1), line('{"b":2}', 2)]);
  });

  it('end with the news that it breaks off', async () => {
    const whole = gzipSync(many.join('\n'));
    const lines = await linesOf('b.gz', whole.subarray(0, whole.length / 2));

    expect(lines.at(-1)).toEqual({ kind: 'broken-object' });
    expect(lines.length).toBeGreaterThan(100);
    expect(lines[0]).toEqual(line('0', 1));
  });

  it.each([
    ['is not compressed at all', Buffer.from('{"a":1}\n')],
    ['is damaged', Buffer.concat([gzipSync('{"a":1}\n').subarray(0, 12), Buffer.alloc(40, 7)])],
  ])('are not to be had if it %s', async (_, bytes) => {
    expect((await linesOf('c.gz', bytes)).at(-1)).toEqual({ kind: 'broken-object' });
  });

  it('are none of an empty one', async () => {
    expect(await linesOf('d.jsonl', Buffer.alloc(0))).toEqual([]);
  });
});
