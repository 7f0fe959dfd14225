import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outputDirectory = join(root, 'build/functions');

/** Where `functions/<capability>/<name>.lambda.ts` is bundled to: the directory of a Lambda asset. */
export function functionDirectory(capability: string, name: string): string {
  return join(outputDirectory, `${capability}-${name}`);
}

/**
 * Bundles every handler once, each into a directory of its own, AWS SDK included: what runs is what was tested.
 * DuckDB is native and comes from the layer.
 * @returns the content hash of all bundles, which names the code version.
 */
export function bundleFunctions(): string {
  const entries = findEntries();
  const { outputFiles } = buildSync({
    write: false,
    absWorkingDir: root,
    entryPoints: entries.map(({ source, directory }) => ({ in: source, out: join(directory, 'index') })),
    outdir: outputDirectory,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@duckdb/node-api'],
    // ES modules where packages have them: what is not used falls away, which halves the AWS SDK and the cold starts.
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) writeChanged(path, contents);
  const hash = createHash('sha256');
  for (const { directory } of entries) {
    // The repository is ESM; a bundle is CommonJS wherever it is unpacked.
    writeChanged(join(outputDirectory, directory, 'package.json'), Buffer.from('{"type":"commonjs"}\n'));
    hash.update(directory).update(readFileSync(join(outputDirectory, directory, 'index.js')));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Another synth of the same checkout may be reading: what is the same stays untouched, the rest is swapped in whole. */
function writeChanged(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  // Not beside its place: what lies there is part of the asset.
  const draft = `${outputDirectory}.${process.pid}.draft`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}

function findEntries() {
  return readdirSync(join(root, 'functions'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.lambda.ts'))
    .sort()
    .map((path) => join('functions', path))
    .map((source) => ({
      source,
      directory: `${basename(dirname(source))}-${basename(source, '.lambda.ts')}`,
    }));
}
