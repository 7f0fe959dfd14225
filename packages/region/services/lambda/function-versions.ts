import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { FunctionConfiguration } from './function-configuration.ts';

/** AWS keeps every version until somebody deletes it; a laptop, the newest of each function. */
const keptVersions = 20;

const recordSchema = z.object({
  /** What it was published for: the same publication, repeated, gives the same version. */
  key: z.string(),
  configuration: z.object({
    handler: z.string(),
    environment: z.record(z.string(), z.string()),
    timeoutSeconds: z.number(),
    memoryMegabytes: z.number(),
    roleArn: z.string(),
    constructPath: z.string().exactOptional(),
    logGroup: z.string().exactOptional(),
  }),
});

/** Published versions of functions: copies of code and settings that no later deployment changes, kept over restarts. */
export class FunctionVersions {
  readonly #directory: string;
  readonly #loaded = new Map<string, FunctionConfiguration>();

  /** @param directory one folder for each function in it, with one for each version in that */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Publishes what a function is now. @returns the version's number, or that of an earlier publication with this key */
  publish(configuration: FunctionConfiguration, key: string): string {
    const { name, codeDirectory } = configuration;
    const numbers = this.#numbers(name);
    const earlier = numbers.find((number) => this.#record(name, number).key === key);
    if (earlier !== undefined) return String(earlier);
    const number = (numbers.at(-1) ?? 0) + 1;
    const draft = this.#folder(name, `${number}.new`);
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    cpSync(codeDirectory, join(draft, 'code'), { recursive: true, dereference: true });
    writeFileSync(join(draft, 'version.json'), JSON.stringify({ key, configuration }));
    renameSync(draft, this.#folder(name, String(number)));
    for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - keptVersions))) {
      rmSync(this.#folder(name, String(old)), { recursive: true, force: true });
    }
    return String(number);
  }

  /** The same object each time, so that its workers stay warm. */
  find(name: string, version: string): FunctionConfiguration | undefined {
    const folder = this.#folder(name, version);
    const loaded = this.#loaded.get(folder);
    if (loaded) return loaded;
    if (!/^\d+$/.test(version) || !existsSync(folder)) return undefined;
    const { configuration } = this.#record(name, Number(version));
    const found = { name, codeDirectory: join(folder, 'code'), ...configuration };
    this.#loaded.set(folder, found);
    return found;
  }

  /** Lambda deletes the versions of a function with it. */
  deleteAll(name: string): void {
    const folder = join(this.#directory, name);
    rmSync(folder, { recursive: true, force: true });
    for (const loaded of [...this.#loaded.keys()])
      if (loaded.startsWith(`${folder}/`)) this.#loaded.delete(loaded);
  }

  /** Ascending. */
  #numbers(name: string): number[] {
    const folder = join(this.#directory, name);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number)
      .sort((a, b) => a - b);
  }

  #record(name: string, number: number): z.infer<typeof recordSchema> {
    const file = join(this.#folder(name, String(number)), 'version.json');
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  #folder(name: string, entry: string): string {
    return join(this.#directory, name, entry);
  }
}
