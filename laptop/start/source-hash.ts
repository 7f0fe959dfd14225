import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Everything that the cloud assembly is made from. */
const sources = [
  'cdk.json',
  'package-lock.json',
  'packages/statistics',
  'domain',
  'functions',
  'infra',
  'state-machines',
];

/** Folders that no bundle takes anything from. Installed packages are told by their lock file. */
const apart = new Set(['node_modules', 'test', 'research']);

/** A hash of the content of every source of the cloud assembly: the same hash, the same assembly. */
export function sourceHash(projectDirectory: string): string {
  const hash = createHash('sha256');
  for (const path of sources.flatMap((source) => filesUnder(join(projectDirectory, source)))) {
    const content = readFileSync(path);
    const name = relative(projectDirectory, path).split(sep).join('/');
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Files of a directory in a stable order, or the file itself. */
function filesUnder(path: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [path];
    throw error;
  }
  return entries
    .filter(({ name }) => !apart.has(name) && !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) => filesUnder(join(path, name)));
}
