import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceHash } from '../../laptop/start/source-hash.ts';
import { synthesise } from '../../laptop/start/synthesis.ts';

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url));

/** Below the checkout, where functions find what layers hold in `node_modules`. */
const directory = join(projectDirectory, 'build/cases');

/** Another run may be using the one before the newest. */
const keptAssemblies = 3;

/** The synthesised app, made once for each state of its sources. @returns its directory. @throws StartError */
export async function caseAssembly(signal: AbortSignal): Promise<string> {
  const assembly = join(directory, sourceHash(projectDirectory).slice(0, 16));
  if (existsSync(assembly)) return assembly;
  mkdirSync(directory, { recursive: true });
  const draft = `${assembly}.${process.pid}`;
  try {
    await synthesise({ projectDirectory, assemblyDirectory: draft, signal });
    // Somebody else may have been first; theirs is the same.
    if (!existsSync(assembly)) renameSync(draft, assembly);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  forgetOldOnes();
  return assembly;
}

function forgetOldOnes(): void {
  readdirSync(directory)
    .map((name) => join(directory, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .slice(keptAssemblies)
    .forEach((old) => {
      rmSync(old, { recursive: true, force: true });
    });
}
