import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Services, startServices } from '../../support/services.ts';

const mebibyte = 1024 ** 2;
const bucket = 'data';

let services: Services;
let client: S3Client;
let directory: string;
/** Commands in the order in which they succeeded. */
const sent: string[] = [];
/** S3 takes no parts below 5 MiB, but for the last. */
let objects: Objects;

beforeAll(async () => {
  services = await startServices({ buckets: { [bucket]: {} } });
  client = new S3Client(services.sdkConfig);
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        sent.push(commandName ?? '');
        return result;
      },
    { step: 'initialize' },
  );
  objects = new Objects(client, { largestPutBytes: 6 * mebibyte, partBytes: 5 * mebibyte });
  directory = mkdtempSync(join(tmpdir(), 'objects-'));
});

afterAll(async () => {
  client.destroy();
  await services.stop();
  rmSync(directory, { recursive: true });
});

function fileOf(bytes: number): { path: string; text: string } {
  const path = join(directory, `file-${bytes}`);
  const text = Array.from({ length: bytes / 8 }, (_, index) => String(index).padStart(8, '0')).join('');
  writeFileSync(path, text);
  return { path, text };
}

/** Uploads in parts that were begun, and neither completed nor aborted. */
function unfinishedUploads(): number {
  const times = (command: string) =>
    sent.filter((name) => name === `${command}MultipartUploadCommand`).length;
  return times('Create') - times('Complete') - times('Abort');
}

describe('a file', () => {
  it.each([0, mebibyte, 6 * mebibyte, 6 * mebibyte + 8, 10 * mebibyte, 12 * mebibyte + 8])(
    'of %i bytes arrives whole, in one or in parts',
    async (bytes) => {
      const { path, text } = fileOf(bytes);
      sent.length = 0;

      const pin = await objects.putFile(bucket, `whole/${bytes}`, path, 'text/csv');

      expect((await objects.readText(pin)) === text).toBe(true);
      expect(sent.includes('CompleteMultipartUploadCommand')).toBe(bytes > 6 * mebibyte);
      expect(await objects.currentVersion(bucket, pin.key)).toBe(pin.versionId);
      expect(unfinishedUploads()).toBe(0);
    },
  );

  it.each([mebibyte, 11 * mebibyte])(
    'of %i bytes is not put where somebody else was first',
    async (bytes) => {
      const key = `contended/${bytes}`;
      const { path } = fileOf(bytes);
      const [one, other] = await Promise.all([
        objects.putFileIfAbsent(bucket, key, path),
        objects.putFileIfAbsent(bucket, key, path),
      ]).catch((error: Error) => [error]);

      // Both have the pin of what is there, or one of them is told to try again.
      const pins = [one, other].filter((result) => result !== undefined && !(result instanceof Error));
      for (const pin of pins)
        expect(pin).toEqual({ bucket, key, versionId: await objects.currentVersion(bucket, key) });
      expect(await objects.versionsNewestFirst(bucket, key)).toHaveLength(1);
      expect(unfinishedUploads()).toBe(0);
    },
  );
});
