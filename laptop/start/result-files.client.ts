import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RegionClients } from './region-clients.ts';

/** What a person wants to open: documents of runs, windows and rejected files, and the model itself. */
const wanted =
  /^(?:(?:report|evaluation|preparation|encoding|smoke|baseline|manifest|validation|[0-9a-f]{16})\.(?:json|md|html)|model\.tar\.gz)$/;

/** Where they are: the bucket, and prefixes after which comes the model. */
const places = [
  { bucket: 'artifactsBucket', prefixes: ['runs/', 'models/', 'monitoring/', 'label-reports/'] },
  { bucket: 'dataBucket', prefixes: ['datasets/', 'quarantine/'] },
] as const;

/**
 * Copies of what every model has come to, as files that an editor or a browser opens: `<model>/<what>/<name>`, the names being those of
 * the buckets. They stay when the region has ended.
 */
export class ResultFiles {
  readonly #clients: Pick<RegionClients, 'objects' | 'artifactsBucket' | 'dataBucket'>;
  readonly #directory: string;
  readonly #copied = new Set<string>();

  constructor(clients: Pick<RegionClients, 'objects' | 'artifactsBucket' | 'dataBucket'>, directory: string) {
    this.#clients = clients;
    this.#directory = directory;
  }

  /** Copies what is new. @returns the models of which there is something. */
  async update(): Promise<ReadonlySet<string>> {
    const models = new Set<string>();
    for (const { bucket, prefixes } of places)
      for (const prefix of prefixes)
        for (const model of await this.#copy(this.#clients[bucket], prefix)) models.add(model);
    return models;
  }

  async #copy(bucket: string, prefix: string): Promise<Set<string>> {
    const { objects } = this.#clients;
    const models = new Set<string>();
    for await (const object of objects.list(bucket, prefix)) {
      const [model, ...rest] = object.key.slice(prefix.length).split('/');
      if (model === undefined || rest.length === 0 || !wanted.test(basename(object.key))) continue;
      models.add(model);
      const file = join(this.#directory, ...[model, prefix.slice(0, -1), ...rest].map(safe));
      const version = `${object.key} ${object.versionId}`;
      if (this.#copied.has(version)) continue;
      await mkdir(dirname(file), { recursive: true });
      await objects.download(object, `${file}.new`);
      await rename(`${file}.new`, file);
      this.#copied.add(version);
    }
    return models;
  }
}

/** A part of a key as the name of a file: one that no key can use to leave the folder. */
function safe(part: string): string {
  if (part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 200 && !part.includes('\0'))
    return part;
  return createHash('sha256').update(part).digest('hex').slice(0, 16);
}
