import { randomUUID } from 'node:crypto';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { writeLine } from '@tidemark/domain/invocations/log.client.ts';
import { captureKeys } from '@tidemark/domain/names.ts';
import { captureGaugeLine } from './capture-gauges.ts';
import type { CaptureStream } from './capture-stream.client.ts';

/** Where captures go. */
export interface CaptureDestination {
  readonly stage: string;
  readonly bucket: string;
  readonly stream: CaptureStream;
  readonly objects?: Objects;
  /** Takes a line of the function's log. */
  readonly log?: (line: object) => void;
}

/**
 * Captures predictions by Firehose; what Firehose does not take is written beside what it delivers. Never throws: a prediction does
 * not fail because it could not be captured. Each departure from the usual way is logged with its reason and measured, and loss is alarmed.
 */
export class CapturesWriter {
  readonly #destination: CaptureDestination;
  readonly #objects: Objects;
  readonly #log: (line: object) => void;

  constructor(destination: CaptureDestination) {
    this.#destination = destination;
    this.#objects = destination.objects ?? new Objects();
    this.#log = destination.log ?? writeLine;
  }

  async write(model: string, lines: readonly string[], now: Date): Promise<void> {
    const refused = await this.#destination.stream.put(lines);
    if (refused.lines.length === 0) return;
    const failure = await this.#writeDirectly(model, refused.lines, now);
    const lost = failure === undefined ? 0 : refused.lines.length;
    const reasons = [...refused.reasons, ...(failure === undefined ? [] : [failure])];
    const direct = refused.lines.length - lost;
    this.#log(captureGaugeLine({ stage: this.#destination.stage, model, direct, lost, reasons }, now));
  }

  /** @returns why it did not work; `undefined` if it did */
  async #writeDirectly(model: string, lines: readonly string[], now: Date): Promise<string | undefined> {
    const hour = now.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const key = `${captureKeys(model).byFunction}${hour}/direct-${randomUUID()}.jsonl`;
    try {
      const text = lines.map((line) => `${line}\n`).join('');
      await this.#objects.putText(this.#destination.bucket, key, text, 'application/x-ndjson');
      return undefined;
    } catch (error) {
      return String(error);
    }
  }
}
