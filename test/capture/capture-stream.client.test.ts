import { FirehoseClient } from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureStream } from '../../functions/capture/capture-stream.client.ts';
import { busy, FirehoseServer, taken } from './firehose-server.ts';

let firehose: FirehoseServer;
let stream: CaptureStream;
beforeEach(async () => {
  firehose = await FirehoseServer.start();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new FirehoseClient({
    endpoint: firehose.endpoint,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
  });
  stream = new CaptureStream('captures', client);
});
afterEach(() => firehose.stop());

const lines = (count: number) => Array.from({ length: count }, (_, index) => `{"inferenceId":"${index}"}`);

describe('the capture stream', () => {
  it('takes each line as a record with its end, 500 a request', async () => {
    expect(await stream.put(lines(1200))).toEqual({ lines: [], reasons: [] });

    expect(firehose.requests).toEqual([500, 500, 200]);
    expect(firehose.records).toEqual(lines(1200).map((line) => `${line}\n`));
  });

  it('takes no more than 4 MiB a request', async () => {
    const large = Array.from({ length: 9 }, (_, index) => `${index}${'x'.repeat(1_000_000)}`);

    expect(await stream.put(large)).toEqual({ lines: [], reasons: [] });
    expect(firehose.requests).toEqual([4, 4, 1]);
  });

  it('is offered again what it did not take, and only that', async () => {
    firehose.verdictOn = (record, request) => (request < 3 && record.includes('"1') ? busy : taken);

    expect(await stream.put(lines(20))).toEqual({ lines: [], reasons: [] });
    expect(firehose.requests).toEqual([20, 11, 11]);
    expect(firehose.records.toSorted()).toEqual(
      lines(20)
        .map((line) => `${line}\n`)
        .toSorted(),
    );
  });

  it('tells what it would not take after several offers, and why', async () => {
    firehose.verdictOn = (record) => (record.includes('"7"') ? busy : taken);

    expect(await stream.put(lines(10))).toEqual({
      lines: ['{"inferenceId":"7"}'],
      reasons: ['ServiceUnavailableException: Slow down.'],
    });
    expect(firehose.requests).toEqual([10, 1, 1, 1]);
  });

  it('tells what it refused as a whole, without failing', async () => {
    firehose.verdictOn = (_, request) => {
      if (request === 2) throw new Error('not allowed');
      return taken;
    };

    const refused = await stream.put(lines(1200));

    expect(refused.lines).toEqual(lines(1200).slice(500, 1000));
    expect(refused.reasons).toEqual([expect.stringContaining('not allowed')]);
  });

  it('is not offered a line that is longer than a record may be', async () => {
    const long = 'x'.repeat(1_024_000);

    expect(await stream.put(['{}', long])).toEqual({ lines: [long], reasons: ['longer than 1,000 KiB'] });
    expect(firehose.records).toEqual(['{}\n']);
  });
});
