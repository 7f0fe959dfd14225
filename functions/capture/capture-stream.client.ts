import { setTimeout as wait } from 'node:timers/promises';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { batchLines } from './batch-lines.ts';

/** Firehose's limits on one request and on one record. */
const limits = { records: 500, bytes: 4 * 1024 ** 2, recordBytes: 1000 * 1024 } as const;

/** How often a record is offered, and how long until the second time; doubled each time. 0.7 s in all, as a caller waits. */
const offers = 4;
const firstPauseMilliseconds = 100;

/** Lines that Firehose did not take, and what it said. */
export interface Refused {
  readonly lines: readonly string[];
  readonly reasons: readonly string[];
}

/** The delivery stream that captured predictions go to. */
export class CaptureStream {
  readonly #name: string;
  readonly #client: FirehoseClient;

  constructor(name: string, client = new FirehoseClient({})) {
    this.#name = name;
    this.#client = client;
  }

  /**
   * Puts lines, each as a record with its line end. Part of a request may fail: that part is offered again.
   * @returns what was not taken. It does not throw, because the lines can still go another way.
   */
  async put(lines: readonly string[]): Promise<Refused> {
    const tooLong = lines.filter((line) => Buffer.byteLength(line) >= limits.recordBytes);
    const refused = tooLong.length === 0 ? [] : [{ lines: tooLong, reasons: ['longer than 1,000 KiB'] }];
    const fitting = lines.filter((line) => Buffer.byteLength(line) < limits.recordBytes);
    for (const batch of batchLines(fitting, limits.bytes, limits.records)) {
      refused.push(await this.#putBatch(batch));
    }
    return {
      lines: refused.flatMap((each) => each.lines),
      reasons: [...new Set(refused.flatMap((each) => each.reasons))],
    };
  }

  async #putBatch(batch: readonly string[]): Promise<{ lines: string[]; reasons: string[] }> {
    let left: string[] = [...batch];
    let reasons: string[] = [];
    for (let offer = 0; offer < offers && left.length > 0; offer += 1) {
      if (offer > 0) await wait(firstPauseMilliseconds * 2 ** (offer - 1));
      try {
        ({ left, reasons } = await this.#offer(left));
      } catch (error) {
        // The SDK has tried again where that may help; whatever it was, the predictions stand.
        return { lines: left, reasons: [String(error)] };
      }
    }
    return { lines: left, reasons };
  }

  async #offer(lines: readonly string[]): Promise<{ left: string[]; reasons: string[] }> {
    const { RequestResponses = [] } = await this.#client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: this.#name,
        Records: lines.map((line) => ({ Data: Buffer.from(`${line}\n`) })),
      }),
    );
    const failures = RequestResponses.map(({ ErrorCode, ErrorMessage }) =>
      ErrorCode === undefined ? undefined : `${ErrorCode}: ${ErrorMessage ?? ''}`,
    );
    return {
      left: lines.filter((_, index) => failures[index] !== undefined),
      reasons: [...new Set(failures.filter((failure) => failure !== undefined))],
    };
  }
}
