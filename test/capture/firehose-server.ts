import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

const requestSchema = z.strictObject({
  DeliveryStreamName: z.string(),
  Records: z.array(z.strictObject({ Data: z.base64() })).max(500),
});

/** What the stream says to one record: that it has it, or why not. */
export type Verdict =
  | { readonly RecordId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };
export const taken: Verdict = { RecordId: 'r' };
export const busy: Verdict = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };

/** A Firehose over HTTP that takes or refuses records as a test says, and nothing but `PutRecordBatch`. */
export class FirehoseServer {
  readonly endpoint: string;
  /** Records that were taken, as text. */
  readonly records: string[] = [];
  /** How many records each request had. */
  readonly requests: number[] = [];
  /** What becomes of a record; a whole request fails if this throws. */
  verdictOn: (record: string, request: number) => Verdict = () => taken;
  readonly #stop: () => Promise<void>;

  private constructor(endpoint: string, stop: () => Promise<void>) {
    this.endpoint = endpoint;
    this.#stop = stop;
  }

  static async start(): Promise<FirehoseServer> {
    let firehose: FirehoseServer | undefined;
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const target = String(request.headers['x-amz-target']);
      const answer = firehose?.answer(target, body) ?? { status: 500, body: {} };
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    firehose = new FirehoseServer(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return firehose;
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  answer(target: string, body: string): { readonly status: number; readonly body: object } {
    if (target !== 'Firehose_20150804.PutRecordBatch') {
      return { status: 400, body: { __type: 'UnknownOperationException', message: target } };
    }
    const records = requestSchema
      .parse(JSON.parse(body))
      .Records.map(({ Data }) => Buffer.from(Data, 'base64').toString('utf8'));
    this.requests.push(records.length);
    try {
      const verdicts = records.map((record) => this.verdictOn(record, this.requests.length));
      this.records.push(...records.filter((_, index) => 'RecordId' in (verdicts[index] ?? {})));
      const FailedPutCount = verdicts.filter((verdict) => 'ErrorCode' in verdict).length;
      return { status: 200, body: { FailedPutCount, RequestResponses: verdicts } };
    } catch (error) {
      return { status: 400, body: { __type: 'AccessDeniedException', message: String(error) } };
    }
  }
}
