import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readStateFile, writeStateFile } from '@tidemark/region/host';
import * as z from 'zod';

/** How often the folder is looked at. A file is taken when two looks see it the same: its writer is done. */
const lookMilliseconds = 500;

export interface DroppedFile {
  /** Absolute. */
  readonly file: string;
  /** Where it belongs in the data bucket: its path in the folder. */
  readonly key: string;
}

interface DropFolderOptions {
  readonly directory: string;
  /** Remembers over restarts what was taken: a rejected file is not dropped again by every start. */
  readonly ledgerFile: string;
  readonly signal: AbortSignal;
  /** Takes a new or changed file. What it throws is told to `onIgnored`. */
  readonly take: (dropped: DroppedFile) => Promise<void>;
  /** Told of a file that cannot be used, once. */
  readonly onIgnored: (file: string, why: string) => void;
}

/** Makes the folder with `definitions/`, `incoming/<model>/` and `labels/<model>/`. */
export function prepareDropFolder(directory: string, model: string): void {
  for (const name of ['definitions', `incoming/${model}`, `labels/${model}`])
    mkdirSync(join(directory, name), { recursive: true });
}

/**
 * Takes every file that is put into the folder, and takes it again when it changes, until the signal. Files that were
 * put there while no start was watching are taken too.
 */
export async function watchDropFolder(options: DropFolderOptions): Promise<void> {
  const { directory, ledgerFile, signal, take, onIgnored } = options;
  const taken = new Map(Object.entries(readStateFile(ledgerFile, ledgerSchema) ?? {}));
  let seen = new Map<string, string>();
  while (!signal.aborted) {
    const now = snapshot(directory);
    for (const [file, fingerprint] of now) {
      if (seen.get(file) !== fingerprint || taken.get(file) === fingerprint) continue;
      await takeFile(file);
      if (signal.aborted) return;
      taken.set(file, fingerprint);
      writeStateFile(ledgerFile, JSON.stringify(Object.fromEntries(taken)));
    }
    seen = now;
    await delay(lookMilliseconds, undefined, { signal }).catch(() => undefined);
  }

  async function takeFile(file: string): Promise<void> {
    const key = relative(directory, file).split(sep).join('/');
    const why = misplaced(key);
    if (why !== undefined) return onIgnored(file, why);
    try {
      await take({ file, key });
    } catch (error) {
      if (signal.aborted) return;
      onIgnored(file, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Why a key is none that the product looks at; `undefined` when it is. */
export function misplaced(key: string): string | undefined {
  if (/^definitions\/[^/]+\.yaml$/.test(key) || /^(incoming|labels)\/[^/]+\/.+$/.test(key)) return undefined;
  return 'only definitions/<model>.yaml, incoming/<model>/<file> and labels/<model>/<file> are looked at';
}

const ledgerSchema = z.record(z.string(), z.string());

/** Size and time of change of every file. Hidden files belong to editors and file managers. */
function snapshot(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (basename(path).startsWith('.')) continue;
    const file = join(directory, path);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isFile()) files.set(file, `${stats.size}@${stats.mtimeMs}`);
  }
  return files;
}
