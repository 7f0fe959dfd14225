import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

const Bucket = 'data';
let region: S3Region;
const credential = () => `${region.accessKeyId}/20260101/eu-west-1/s3/aws4_request`;
const authorization = () => `AWS4-HMAC-SHA256 Credential=${credential()}, SignedHeaders=host, Signature=0`;

beforeAll(async () => {
  region = await startS3({ buckets: { [Bucket]: {}, keys: {} } });
});
afterAll(() => region.stop());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** A call that no SDK would make. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(region.endpoint);
    const options = { method, hostname, port, path, headers: { authorization: authorization(), ...headers } };
    const request = httpRequest(options, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(chunks).toString(),
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const checksum = (text: string) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
};

describe('content in signed chunks with a trailing checksum', () => {
  const put = (key: string, trailing: string, length = 5) =>
    send(
      'PUT',
      `/${Bucket}/${key}`,
      {
        'content-encoding': 'aws-chunked',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': String(length),
        'x-amz-trailer': 'x-amz-checksum-crc32',
      },
      Buffer.from(
        `3;chunk-signature=aa\r\nhel\r\n2;chunk-signature=bb\r\nlo\r\n0;chunk-signature=cc\r\nx-amz-checksum-crc32:${trailing}\r\nx-amz-trailer-signature:dd\r\n\r\n`,
      ),
    );

  test('is decoded and verified', async () => {
    const { status } = await put('chunked', checksum('hello'));
    const got = await region.client.send(new GetObjectCommand({ Bucket, Key: 'chunked' }));

    expect(status).toBe(200);
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got.ContentEncoding).toBeUndefined();
  });

  test('is refused if the checksum is of something else', async () => {
    const { status, text } = await put('wrong', checksum('other'));

    expect(status).toBe(400);
    expect(text).toContain('<Code>BadDigest</Code>');
  });

  test('is refused if it is longer than announced', async () => {
    const { status, text } = await put('long', checksum('hello'), 4);

    expect(status).toBe(400);
    expect(text).toContain('<Code>IncompleteBody</Code>');
  });
});

test('content with a trailer that is not known is refused and leaves nothing behind', async () => {
  const headers = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-trailer': 'x-amz-checksum-md4',
  };

  const { status } = await send('PUT', `/${Bucket}/trailer`, headers, Buffer.from('0\r\n\r\n'));

  expect(status).toBe(501);
  expect(await readdir(join(region.directory, 'incoming'))).toEqual([]);
});

test('content whose SHA-256 is not the signed one is refused', async () => {
  const headers = { 'x-amz-content-sha256': '0'.repeat(64) };

  const { status, text } = await send('PUT', `/${Bucket}/sha`, headers, Buffer.from('x'));

  expect(status).toBe(400);
  expect(text).toContain('XAmzContentSHA256Mismatch');
});

describe('a bucket named by the host', () => {
  test('is found', async () => {
    const host = `${Bucket}.localhost:${new URL(region.endpoint).port}`;

    const put = await send('PUT', '/by-host/%C3%A9?x-id=PutObject', { host }, Buffer.from(host));
    const got = await send('GET', `/${Bucket}/by-host/%C3%A9`);

    expect(put.status).toBe(200);
    expect(got.text).toBe(host);
  });

  test('is how the SDK calls it unless the endpoint is an address', async () => {
    const { port } = new URL(region.endpoint);
    // Not every resolver knows that all names under localhost are this machine.
    const lookup = (_name: string, _options: unknown, callback: (error: null, addresses: object[]) => void) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const httpAgent = new Agent({ lookup: lookup as never });
    const client = region.clientWith({
      endpoint: `http://localhost:${port}`,
      requestHandler: { httpAgent },
    });

    await client.send(new PutObjectCommand({ Bucket: 'data', Key: 'virtual', Body: 'x' }));
    const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'virtual' }));

    expect(KeyCount).toBe(1);
    client.destroy();
  });
});

describe('errors', () => {
  test('are S3’s documents, with the request’s id', async () => {
    const { status, text, headers } = await send('GET', `/${Bucket}/no%26%3Cne%3E`);

    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/xml');
    expect(text).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>no&amp;&lt;ne&gt;</Key><RequestId>${headers['x-amz-request-id']}</RequestId></Error>`,
    );
  });

  test.each([
    ['an unknown sub-resource', 'GET', `/${Bucket}/k?tagging`, 501, 'NotImplemented'],
    ['an unknown parameter', 'GET', `/${Bucket}?list-type=2&shuffle=1`, 501, 'NotImplemented'],
    ['the list of 2006', 'GET', `/${Bucket}`, 501, 'NotImplemented'],
    ['a policy of the bucket', 'PUT', `/${Bucket}?policy`, 501, 'NotImplemented'],
    ['a form', 'POST', `/${Bucket}`, 501, 'NotImplemented'],
    ['a broken escape', 'GET', `/${Bucket}/%E0%A4%A`, 400, 'InvalidURI'],
    ['a key with NUL', 'GET', `/${Bucket}/a%00b`, 501, 'NotImplemented'],
  ])('say what is wrong with %s', async (_title, method, path, status, code) => {
    const answer = await send(method, path);

    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<Code>${code}</Code>`);
  });

  test('of documents are MalformedXML', async () => {
    for (const document of ['', '<a', '<Delete/>', '<Delete><Object><Kee>k</Kee></Object></Delete>']) {
      const digest = createHash('md5').update(document).digest('base64');
      const { text } = await send(
        'POST',
        `/${Bucket}?delete`,
        { 'content-md5': digest },
        Buffer.from(document),
      );
      expect(text).toContain('<Code>MalformedXML</Code>');
    }
  });

  test('of unsigned calls come from the gateway', async () => {
    const response = await fetch(`${region.endpoint}/${Bucket}/k`);

    expect(response.status).toBe(403);
    expect(await response.text()).toContain('not signed');
  });
});

test('keys with characters that XML treats specially survive a list', async () => {
  const keys = ['a\rb', 'a\nb', 'a\tb', ' a ', '<&>"\''];
  for (const Key of keys) await region.client.send(new PutObjectCommand({ Bucket: 'keys', Key, Body: 'x' }));

  const { Contents } = await region.client.send(new ListObjectsV2Command({ Bucket: 'keys' }));

  expect(Contents?.map(({ Key }) => Key).sort()).toEqual([...keys].sort());
});
