import { randomUUID } from 'node:crypto';
import { below, parseS3Uri } from '../../containers/s3-uri.ts';
import { type CapturedInvocation, captureLine } from './capture-line.ts';
import { type Context, objectsOf } from './context.ts';
import type { DataCaptureConfig } from './data-capture.schema.ts';

/** SageMaker says minutes; a file is written so long after its first line. */
const delaySeconds = 60;

/** What one file is of. */
export interface CaptureTarget {
  readonly endpointName: string;
  readonly variantName: string;
  readonly config: DataCaptureConfig;
  /** Who writes. */
  readonly roleArn: string;
}

interface CaptureFile {
  readonly target: CaptureTarget;
  /** `yyyy/MM/dd/HH`, UTC. */
  readonly hour: string;
  readonly lines: string[];
}

/**
 * Captures invocations: a file per endpoint, variant and hour, written with the rights of the model's role. As SageMaker's it is best effort:
 * lines that are not yet written when the process dies are gone. A file that cannot be written is a fault, so that a missing
 * permission shows here.
 */
export class DataCapture {
  readonly #context: Context;
  readonly #files = new Map<string, CaptureFile>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(context: Context) {
    this.#context = context;
  }

  add(target: CaptureTarget, invocation: Omit<CapturedInvocation, 'eventId' | 'at'>): void {
    const at = this.#context.time.now();
    const line = captureLine(target.config, { ...invocation, at, eventId: randomUUID() });
    const hour = new Date(at).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const name = JSON.stringify([
      target.endpointName,
      target.variantName,
      target.config.DestinationS3Uri,
      hour,
    ]);
    const file = this.#files.get(name) ?? this.#begin(name, { target, hour, lines: [] }, at);
    file.lines.push(line);
  }

  /** Writes what there is. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  #begin(name: string, file: CaptureFile, at: number): CaptureFile {
    this.#files.set(name, file);
    const running = this.#finish(name, file, at)
      .catch((fault) =>
        this.#context.onFault(fault, `sagemaker: data capture of ${file.target.endpointName}`),
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return file;
  }

  async #finish(name: string, file: CaptureFile, begunAt: number): Promise<void> {
    await this.#context.time
      .until(begunAt + delaySeconds * 1000, this.#closing.signal)
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) throw error;
      });
    this.#files.delete(name);
    await this.#write(file);
  }

  async #write({ target, hour, lines }: CaptureFile): Promise<void> {
    const { endpointName, variantName, config, roleArn } = target;
    const destination = parseS3Uri(config.DestinationS3Uri);
    if (!destination) throw new Error(`${config.DestinationS3Uri} is no place in S3`);
    const objects = objectsOf(this.#context, roleArn);
    try {
      const path = `${endpointName}/${variantName}/${hour}/${randomUUID()}.jsonl`;
      await objects.write(lines.map((line) => `${line}\n`).join(''), below(destination, path));
    } finally {
      objects.close();
    }
  }
}
