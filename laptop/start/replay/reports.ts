import { join } from 'node:path';
import { windowKeys } from '@tidemark/domain/names.ts';
import { writeStateFile } from '@tidemark/region/host';
import { type WindowReport, windowReportSchema } from '../../../functions/monitor/report.schema.ts';
import type { RegionClients } from '../region-clients.ts';

/** Reads reports of windows, and keeps their pages where a browser can open them. */
export class Reports {
  readonly #clients: Pick<RegionClients, 'objects' | 'artifactsBucket'>;
  readonly #stateDirectory: string;

  constructor(clients: Pick<RegionClients, 'objects' | 'artifactsBucket'>, stateDirectory: string) {
    this.#clients = clients;
    this.#stateDirectory = stateDirectory;
  }

  async read(model: string, windowId: string): Promise<WindowReport> {
    return windowReportSchema.parse(JSON.parse(await this.#text(windowKeys(model, windowId).report)));
  }

  /** @returns the file, as seen from the state directory. */
  async keepPage(model: string, windowId: string): Promise<string> {
    const page = await this.#text(windowKeys(model, windowId).page);
    const file = join('reports', `${model}-${windowId}.html`);
    writeStateFile(join(this.#stateDirectory, file), page);
    return file;
  }

  async #text(key: string): Promise<string> {
    const { objects, artifactsBucket } = this.#clients;
    const text = await objects.readCurrent(artifactsBucket, key);
    if (text === undefined) throw new Error(`There is no ${key} in the artifacts bucket.`);
    return text;
  }
}
