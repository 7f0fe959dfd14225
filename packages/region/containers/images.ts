import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Image } from './image.ts';
import { xgboostImage } from './xgboost-image.ts';

/** A command by image URI, or by the beginning of one: `{ "my-account.dkr…/churn:": ["python3", "churn.py"] }`. */
export type ImageMap = Readonly<Record<string, readonly string[]>>;

/** SageMaker's built-in XGBoost in any region's account. */
const BUILT_IN_XGBOOST =
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/sagemaker-xgboost(:[\w.-]+|@sha256:[0-9a-f]{64})$/;

/** Files that are read to their end whenever an image is looked up. */
const LARGE_FILE_BYTES = 16 * 1024 ** 2;

/** Most arguments are not files: names of programs, options, whole scripts. */
const NO_FILE = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EISDIR', 'EACCES'];

/** No command stands for an image. */
export class UnknownImageError extends Error {
  override readonly name = 'UnknownImageError';

  constructor(readonly uri: string) {
    super(
      `The local region cannot run the image '${uri}'. Map it to a command that takes 'train' or 'serve' as its last ` +
        `argument: images: { "${uri}": ["command", "argument"] }. See packages/region/SUPPORT.md.`,
    );
  }
}

/** Whether SageMaker knows the algorithm in an image, and so defines its metrics itself. */
export function isBuiltInImage(uri: string): boolean {
  return BUILT_IN_XGBOOST.test(uri);
}

/** Finds what runs in place of an image. */
export class Images {
  readonly #map: ImageMap;

  constructor(map: ImageMap) {
    this.#map = map;
  }

  /**
   * The longest mapped beginning wins; the built-in XGBoost needs no mapping, and whatever its tag or digest there is one stand-in. An image by
   * its digest is one that is mapped below a tag of the repository, as long as the command is the same. Throws `UnknownImageError`.
   */
  async resolve(uri: string): Promise<Image> {
    const { repository, digest } = byDigest.exec(uri)?.groups ?? {};
    if (repository !== undefined && digest !== undefined) {
      const found = await this.#withDigest(repository, digest);
      if (found) return found;
    }
    const prefixes = Object.keys(this.#map).filter((prefix) => uri.startsWith(prefix));
    const longest = prefixes.sort((a, b) => b.length - a.length)[0];
    const mapped = longest === undefined ? undefined : this.#map[longest];
    if (mapped) return commandImage(uri, mapped);
    if (isBuiltInImage(uri)) return xgboostImage();
    throw new UnknownImageError(uri);
  }

  async #withDigest(repository: string, digest: string): Promise<Image | undefined> {
    for (const [uri, command] of Object.entries(this.#map)) {
      const itsRepository = uri.replace(/:[^:/]*$/, '');
      if (itsRepository !== repository) continue;
      const image = await commandImage(uri, command);
      if (image.digest === digest) return image;
    }
    return undefined;
  }
}

/** `<repository>@sha256:…` */
const byDigest = /^(?<repository>[^@]+)@(?<digest>sha256:[0-9a-f]+)$/;

/** Files are named relative to where the region was started; the container runs elsewhere. */
async function commandImage(uri: string, [command, ...rest]: readonly string[]): Promise<Image> {
  if (!command) throw new UnknownImageError(uri);
  const program = command.includes('/') ? resolve(command) : command;
  const located = rest.map((argument) => (existsSync(resolve(argument)) ? resolve(argument) : argument));
  const hash = createHash('sha256').update(JSON.stringify([command, ...rest]));
  for (const file of [program, ...located]) hash.update(await contentOf(file));
  return { command: program, arguments: located, digest: `sha256:${hash.digest('hex')}` };
}

/** What a file contributes to a digest; large ones, interpreters as a rule, their size and time of change. */
async function contentOf(path: string): Promise<string | Buffer> {
  try {
    const { size, mtimeMs } = await stat(path);
    return size > LARGE_FILE_BYTES ? `${size} ${mtimeMs}` : await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_FILE.includes(String(error.code))) return '';
    throw error;
  }
}
