import { join } from 'node:path';
import { dataKeys } from '@tidemark/domain/names.ts';
import { writeStateFile } from '@tidemark/region/host';
import type { Uploads } from '../uploads.client.ts';
import type { FlightRecord } from './flight-records.ts';

/** Drops the outcomes of a window's predictions, as somebody does who has learnt them. */
export class Labels {
  readonly #uploads: Uploads;
  readonly #directory: string;

  constructor(uploads: Uploads, stateDirectory: string) {
    this.#uploads = uploads;
    this.#directory = join(stateDirectory, 'samples');
  }

  /** @returns the key. */
  async drop(model: string, window: string, flights: readonly FlightRecord[]): Promise<string> {
    const file = join(this.#directory, `${window}-labels.csv`);
    writeStateFile(file, labelsCsv(flights));
    const key = `${dataKeys.labels(model)}${window}.csv`;
    await this.#uploads.put(key, file);
    return key;
  }
}

/** The target's own values: minutes of delay. */
export function labelsCsv(flights: readonly FlightRecord[]): string {
  const lines = flights.map(({ inferenceId, delay }) => `${inferenceId},${delay}`);
  return `${['inference_id,label', ...lines].join('\n')}\n`;
}
