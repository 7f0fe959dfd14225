import { mkdir, readdir } from 'node:fs/promises';
import { create, extract } from 'tar';

/** Packs everything in a directory into a `.tar.gz`. The same content gives the same bytes. */
export async function pack(directory: string, file: string): Promise<void> {
  const entries = (await readdir(directory)).sort();
  // tar refuses to make an archive of nothing; SageMaker makes an empty one.
  await create(
    { file, cwd: directory, gzip: true, portable: true, noMtime: true },
    entries.length > 0 ? entries : ['.'],
  );
}

/** Unpacks a `.tar.gz`. Entries that would leave the directory are not written. */
export async function unpack(file: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await extract({ file, cwd: directory, strict: true });
}
