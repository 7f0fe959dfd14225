import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile, transformSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Concurrent syntheses, perhaps of other sources, need a directory each. */
const outputDirectory = process.env.TIDEMARK_BUNDLES ?? join(root, 'build/functions');

/** Where `functions/<capability>/<name>.lambda.ts` is bundled to: the directory of a Lambda asset. */
export function functionDirectory(capability: string, name: string): string {
  return join(outputDirectory, `${capability}-${name}`);
}

/**
 * Bundles every handler, each into a directory of its own, AWS SDK included: what runs is what was tested.
 * DuckDB is native and comes from the layer.
 * @returns the content hash of all bundles, which names the code version.
 */
export function bundleFunctions(): string {
  const hash = createHash('sha256');
  for (const [directory, files] of bundleAll(findEntries())) {
    // The repository is ESM; a bundle is CommonJS wherever it is unpacked.
    files.set('package.json', Buffer.from('{"type":"commonjs"}\n'));
    for (const [name, contents] of files) {
      writeChanged(join(outputDirectory, directory, name), contents);
      hash.update(`${directory}/${name}`).update(contents);
    }
    removeOthers(join(outputDirectory, directory), new Set(files.keys()));
  }
  return hash.digest('hex').slice(0, 12);
}

type Files = Map<string, Uint8Array>;

/** What the function's runtime loads: short, as it is read once more for what it exports. */
const entryFile = "exports.handler = require('./code.js').handler;\n";

/**
 * The files of each directory. All handlers are linked in one go, so that what they share is linked once (0.6 s instead of 2.7 s for
 * 19 handlers); esbuild shares code between ES modules only, and Node's `import` finds nothing in a Lambda layer, so the result
 * becomes CommonJS, part by part. The parts of a handler are one file in the end: some forty files for each of as many handlers are a
 * good deal of work to copy, hash, pack and load.
 */
function bundleAll(entries: readonly Entry[]): Map<string, Files> {
  const { outputFiles, metafile } = buildSync({
    write: false,
    metafile: true,
    absWorkingDir: root,
    entryPoints: entries.map(({ source, directory }) => ({ in: source, out: directory })),
    outdir: outputDirectory,
    bundle: true,
    splitting: true,
    chunkNames: 'shared-[hash]',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['@duckdb/node-api', '@duckdb/node-bindings'],
    // ES modules where packages have them: what is not used falls away, which halves the AWS SDK and the cold starts.
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const parts = new Map(outputFiles.map(({ path, text }) => [relative(root, path), commonJs(text)]));
  return new Map(
    entries.map(({ directory }) => {
      const entry = join(relative(root, outputDirectory), `${directory}.js`);
      const reached = reachedFrom(entry, metafile.outputs);
      const own = reached.map((path) => [`./${basename(path)}`, parts.get(path) ?? ''] as const);
      const files: Files = new Map([
        ['index.js', Buffer.from(entryFile)],
        ['code.js', Buffer.from(oneFile(own, `./${directory}.js`))],
      ]);
      return [directory, files];
    }),
  );
}

/** CommonJS modules by the names that they load each other by, as one module: each runs when it is first loaded, as it would from a file. */
function oneFile(parts: readonly (readonly [name: string, text: string])[], entry: string): string {
  const functions = parts.map(([name, text]) => `${JSON.stringify(name)}(module,exports,require){${text}}`);
  return `"use strict";
const parts={${functions.join(',\n')}};
const loaded=new Map();
function load(name){
const part=parts[name];
if(part===undefined)return require(name);
let module=loaded.get(name);
if(module===undefined){loaded.set(name,module={exports:{}});part(module,module.exports,load)}
return module.exports}
module.exports=load(${JSON.stringify(entry)});
`;
}

function commonJs(module: string): string {
  return transformSync(module, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // What is loaded when it is needed is a part as well.
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
  }).code;
}

/** An output and everything that it loads, in a fixed order. */
function reachedFrom(entry: string, outputs: Metafile['outputs']): string[] {
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const loaded of outputs[path]?.imports ?? []) if (!loaded.external) reached.add(loaded.path);
  }
  return [...reached].sort();
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

/** What an older bundle left would be part of the asset. */
function removeOthers(directory: string, kept: ReadonlySet<string>): void {
  for (const name of readdirSync(directory)) {
    if (!kept.has(name)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

/** A handler's source, and the directory of its asset. */
interface Entry {
  readonly source: string;
  readonly directory: string;
}

function findEntries(): Entry[] {
  return readdirSync(join(root, 'functions'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.lambda.ts'))
    .sort()
    .map((path) => join('functions', path))
    .map((source) => ({
      source,
      directory: `${basename(dirname(source))}-${basename(source, '.lambda.ts')}`,
    }));
}
