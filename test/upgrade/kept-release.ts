import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as z from 'zod';

/** The assembly of a release, kept in one file: `test/upgrade/release-<version>.json.br`. `tools/keep-release.ts` writes it. */
const keptDirectory = 'test/upgrade';
const keptName = /^release-(.+)\.json\.br$/;

/** Each file’s text by its path in the assembly. */
const filesSchema = z.record(z.string(), z.string());
type Files = z.infer<typeof filesSchema>;

/** Packages of the DuckDB layer are for Lambda; the region takes this machine’s. The rest is for people, or tells when to synthesise again. */
const leftOut = /(^|\/)node_modules\/|\.metadata\.json$|^(tree\.json|cdk\.out|source-hash)$/;

/**
 * Bundles share most of their text, far apart: the window must reach over all of it. 41 MB become 0.5 MB.
 * @throws Error when a file names a place of this machine, or is not text
 */
export function pack(assemblyDirectory: string): Buffer {
  const files = read(assemblyDirectory);
  for (const [path, text] of Object.entries(files)) {
    const place = machinePlacesIn(text)[0];
    if (place !== undefined)
      throw new Error(`${path} names ${place}, which is a place of this machine: leave it out.`);
  }
  const text = Buffer.from(JSON.stringify(files));
  return brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LARGE_WINDOW]: 1,
      [constants.BROTLI_PARAM_LGWIN]: 26,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
}

function read(assemblyDirectory: string): Files {
  const paths = readdirSync(assemblyDirectory, { recursive: true, encoding: 'utf8' })
    .filter((path) => !leftOut.test(path) && statSync(join(assemblyDirectory, path)).isFile())
    .sort();
  return Object.fromEntries(
    paths.map((path) => {
      const bytes = readFileSync(join(assemblyDirectory, path));
      const text = bytes.toString();
      if (!Buffer.from(text).equals(bytes)) throw new Error(`${path} is not text.`);
      return [path, path === 'manifest.json' ? withoutMetadata(text) : text];
    }),
  );
}

const manifestSchema = z.looseObject({ artifacts: z.record(z.string(), z.looseObject({})) });

/** The manifest names files that are left out. */
function withoutMetadata(manifest: string): string {
  const { artifacts, ...rest } = manifestSchema.parse(JSON.parse(manifest));
  const kept = Object.entries(artifacts)
    .filter(([, { type }]) => type !== 'cdk:tree')
    .map(([id, { additionalMetadataFile: _, ...artifact }]) => [id, artifact]);
  return JSON.stringify({ ...rest, artifacts: Object.fromEntries(kept) });
}

/** What only this machine, or a machine of a person, has: places in a text. */
export function machinePlacesIn(text: string): string[] {
  const own = [process.cwd(), homedir(), tmpdir()].filter(
    (place) => place.length > 1 && text.includes(place),
  );
  const likely = /(?:\/home\/|\/Users\/|\/root\/|[A-Z]:\\Users\\)[\w.-]+/g;
  return [...own, ...(text.match(likely) ?? [])];
}

/** Version and texts of the release that is kept. @throws Error when there is not exactly one */
export function keptRelease(): { readonly version: string; readonly files: Files } {
  const [name, ...others] = keptFiles();
  if (name === undefined || others.length > 0)
    throw new Error(`${keptDirectory} must have one release: npx tsx tools/keep-release.ts`);
  const text = brotliDecompressSync(readFileSync(join(keptDirectory, name)), {
    params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 },
  });
  return { version: keptName.exec(name)?.[1] ?? '', files: filesSchema.parse(JSON.parse(text.toString())) };
}

export const keptFiles = (): string[] => readdirSync(keptDirectory).filter((name) => keptName.test(name));
export const keptFile = (version: string): string => join(keptDirectory, `release-${version}.json.br`);

/** Writes the kept release’s assembly into a directory. @returns the directory */
export function unpackRelease(directory: string): string {
  for (const [path, text] of Object.entries(keptRelease().files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}
