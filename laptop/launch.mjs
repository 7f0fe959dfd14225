// Runs `start.ts` from a bundle of it. Loading some 600 sources and the AWS SDK's files one by one takes three seconds of a processor at each
// start; the bundle takes one, and is made again when one of its sources or the locked packages have changed. Plain JavaScript, because it is
// what runs before any TypeScript can.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const directory = join(project, 'build', 'start');
const packages = join(project, 'package-lock.json');

/** What finds files beside itself, holds native code, or is loaded only to synthesise. */
const notBundled = [
  '@duckdb/*',
  'aws-cdk-lib',
  'classic-level',
  'constructs',
  'dynalite',
  'esbuild',
  'level',
  'ml-xgboost',
  'tsx',
];

if (!isFresh()) await bundle().catch(tellFullDisk);
await import(pathToFileURL(join(directory, 'start.mjs')).href);

/** Whether every source is the one that the bundle was made of. */
function isFresh() {
  const record = join(directory, 'inputs.json');
  if (!existsSync(record)) return false;
  const inputs = Object.entries(JSON.parse(readFileSync(record, 'utf8')));
  return inputs.every(([path, state]) => stateOf(join(project, path)) === state);
}

function stateOf(path) {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

/** What a bundle needs most is room. Anything else is a defect, of which the stack tells. */
function tellFullDisk(error) {
  const isFull =
    error.code === 'ENOSPC' || error.code === 'EDQUOT' || /no space left|quota exceeded/i.test(error.message);
  if (!isFull) throw error;
  process.stderr.write(
    `The disk is full: ${error.path ?? directory} cannot be written. Make room, some 20 MB, and start again; nothing was changed.\n`,
  );
  process.exit(1);
}

/** All of it, or nothing: another start may do the same at this moment. */
async function bundle() {
  const { build } = await import('esbuild');
  const draft = `${directory}.${process.pid}`;
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: ['laptop/start.ts'],
    outdir: draft,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    metafile: true,
    logLevel: 'silent',
    // An SDK client's CommonJS form, loaded by a dynamic import, would have no export but its default.
    mainFields: ['module', 'main'],
    external: notBundled,
    // CommonJS packages call it.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';const require = requireOf(import.meta.url);",
    },
    plugins: [{ name: 'places', setup: keepPlaces }],
  });
  const sources = Object.keys(metafile.inputs).filter((path) => !/(^|\/)node_modules\//.test(path));
  const inputs = [...sources, relative(project, packages)].map((path) => [
    path,
    stateOf(join(project, path)),
  ]);
  writeFileSync(join(draft, 'inputs.json'), JSON.stringify(Object.fromEntries(inputs)));
  mkdirSync(dirname(directory), { recursive: true });
  rmSync(directory, { recursive: true, force: true });
  try {
    renameSync(draft, directory);
  } catch (error) {
    // Another start was faster.
    if (!existsSync(directory)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Sources find files beside themselves by their own address, which in a bundle would be the bundle's. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    return {
      loader: 'ts',
      contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    };
  });
}
