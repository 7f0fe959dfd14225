import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Image } from './image.ts';

const ENTRY = fileURLToPath(new URL('xgboost/main.ts', import.meta.url));

/** Within the package, so that the bundle finds `ml-xgboost` where the package does. */
const BUNDLE = fileURLToPath(new URL('../build/containers/xgboost/main.mjs', import.meta.url));

let built: Promise<Image> | undefined;

/**
 * The stand-in for SageMaker's built-in XGBoost image. Bundled once per process to plain JavaScript, since compiling
 * TypeScript in every container start would cost more than the start itself.
 */
export function xgboostImage(): Promise<Image> {
  built ??= buildImage();
  return built;
}

async function buildImage(): Promise<Image> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
  });
  const bundle = outputFiles[0]?.contents ?? new Uint8Array();
  await mkdir(dirname(BUNDLE), { recursive: true });
  // Another region of the same checkout may be starting from the file right now.
  const draft = `${BUNDLE}.${process.pid}`;
  await writeFile(draft, bundle);
  await rename(draft, BUNDLE);
  return { command: process.execPath, arguments: [BUNDLE], digest: await digestOf(bundle) };
}

/** Over the bundle and the WebAssembly it loads: all that decides what a model turns out to be. */
async function digestOf(bundle: Uint8Array): Promise<string> {
  const script = createRequire(import.meta.url).resolve('ml-xgboost/dist/wasm/xgboost.js');
  const hash = createHash('sha256')
    .update(bundle)
    .update(await readFile(script));
  hash.update(await readFile(join(dirname(script), 'xgboost.wasm')));
  return `sha256:${hash.digest('hex')}`;
}
