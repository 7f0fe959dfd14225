import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pack, unpack } from '../../../containers/archive.ts';

/** The text of the files in a `.tar.gz`, by their paths. */
export async function unpacked(archive: Buffer): Promise<Record<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), 'archive-'));
  await writeFile(join(directory, 'archive'), archive);
  await unpack(join(directory, 'archive'), join(directory, 'content'));
  const entries = await readdir(join(directory, 'content'), { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[relative(join(directory, 'content'), path)] = await readFile(path, 'utf8');
  }
  await rm(directory, { recursive: true });
  return files;
}

/** A `.tar.gz` of files by their names. */
export async function packed(files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'archive-'));
  const content = join(directory, 'content');
  await mkdir(content);
  for (const [name, text] of Object.entries(files)) await writeFile(join(content, name), text);
  await pack(content, join(directory, 'archive'));
  const archive = await readFile(join(directory, 'archive'));
  await rm(directory, { recursive: true });
  return archive;
}
