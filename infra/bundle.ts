import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  rmSync(outputDirectory, { recursive: true, force: true });
  const entries = findEntries();
  buildSync({
    absWorkingDir: root,
    entryPoints: entries.map(({ source, directory }) => ({ in: source, out: join(directory, 'index') })),
    outdir: outputDirectory,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@duckdb/node-api'],
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const hash = createHash('sha256');
  for (const { directory } of entries) {
    mkdirSync(join(outputDirectory, directory), { recursive: true });
    // The repository is ESM; a bundle is CommonJS wherever it is unpacked.
    writeFileSync(join(outputDirectory, directory, 'package.json'), '{"type":"commonjs"}\n');
    hash.update(directory).update(readFileSync(join(outputDirectory, directory, 'index.js')));
  }
  return hash.digest('hex').slice(0, 12);
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
