import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ObjectGoneError, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CompressedLines, LineFiles } from '../../functions/monitor/line-files.client.ts';
import { type Services, startServices } from '../support/services.ts';

let services: Services;
let s3: S3Client;
let files: LineFiles;

beforeAll(async () => {
  services = await startServices({ buckets: { artifacts: {} } });
  s3 = new S3Client(services.sdkConfig);
  files = new LineFiles(new Objects(s3), 'artifacts');
});
afterAll(async () => {
  s3.destroy();
  await services.stop();
});

async function compressed(lines: readonly string[]): Promise<CompressedLines> {
  const made = new CompressedLines();
  for (const line of lines) await made.add(`${line}\n`);
  return made;
}
async function read(key: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of files.read(key)) lines.push(line);
  return lines;
}

describe('a file of lines', () => {
  it('gives back what was put, also if that is much', async () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `${index} ${Math.sin(index)}`);

    await files.put('many', await compressed(lines));

    expect(await read('many')).toEqual(lines);
  });

  it('may be empty', async () => {
    await files.put('none', await compressed([]));

    expect(await read('none')).toEqual([]);
  });

  it('that breaks off is an error, and not a shorter file', async () => {
    const whole = await (await compressed(Array.from({ length: 9999 }, (_, index) => `${index}`))).finish();
    const Body = whole.subarray(0, whole.length / 2);
    await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'broken', Body }));

    await expect(read('broken')).rejects.toThrow(/unexpected end of file/);
  });

  it('that is not there is an error', async () => {
    await expect(read('nowhere')).rejects.toThrow(ObjectGoneError);
  });
});
