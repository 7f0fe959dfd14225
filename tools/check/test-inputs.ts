import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** A test that looks at files by other means than an import, or starts a program: what it may see is everything. */
const looksAtFiles =
  /import\.meta\.(url|dirname|filename|glob)|process\.cwd|node:child_process|node:worker_threads/;
const readsFiles =
  /\b(access|copyFile|cp|createReadStream|exists|glob|lstat|open|opendir|readdir|readFile|realpath|stat|watch)(Sync)?\b[^;]*from 'node:fs(\/promises)?'/;

/** A path within the repository, as a test may hand it to somebody who reads it. */
const quotedPath = /['"`]([\w.@-]+(?:\/[\w.@-]+)+)\/?['"`]/g;

/** Its sources get files and directories as arguments, and look for none by themselves. */
const givenFiles = /^(domain|functions)\//;

const packageOf = (path: string) => /^packages\/[^/]+(?=\/)/.exec(path)?.[0];

/**
 * What decides how a test ends, as a hash for each test: the locked packages and every source that it imports, however indirectly; a package of ours
 * in whole, without its tests, as packages have files of their own; and every file of the repository when the test, or something that it
 * imports, looks at files.
 * @param tests paths from the root
 * @param root directory of a git repository
 */
export async function testInputs(
  tests: readonly string[],
  root: string,
): Promise<ReadonlyMap<string, string>> {
  const files = filesOf(root);
  const hashes = new Map(
    files.map((path) => [path, digest([readFileSync(join(root, path)).toString('base64')])]),
  );
  const hashOf = (paths: Iterable<string>) =>
    digest([...paths].sort().map((path) => `${path} ${hashes.get(path)}`));
  const everything = hashOf(files);
  const packages = new Map<string, string[]>();
  for (const path of files) {
    const name = packageOf(path);
    if (name && !path.endsWith('.test.ts')) packages.set(name, [...(packages.get(name) ?? []), path]);
  }
  const imports = await importsOf(tests, root);
  const places = new Set(files.flatMap(placesOf));
  const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
  const looking = new Map<string, boolean>();
  const looks = (path: string): boolean => {
    let known = looking.get(path);
    if (known === undefined) {
      const text = textOf(path);
      const namesPlace = () => [...text.matchAll(quotedPath)].some(([, place = '']) => places.has(place));
      known = looksAtFiles.test(text) || (!givenFiles.test(path) && (readsFiles.test(text) || namesPlace()));
      looking.set(path, known);
    }
    return known;
  };
  return new Map(
    tests.map((test) => {
      const reached = reachedFrom(test, imports);
      const own = [...reached].filter((path) => packageOf(path) === undefined || path.endsWith('.test.ts'));
      if (own.some((path) => packageOf(path) === undefined && looks(path))) return [test, everything];
      const whole = new Set([...reached].flatMap((path) => packageOf(path) ?? []));
      const inputs = [...own, ...[...whole].flatMap((name) => packages.get(name) ?? [])];
      return [
        test,
        hashOf([...inputs, ...files.filter((path) => /^(package-lock\.json|vitest\..*)$/.test(path))]),
      ];
    }),
  );
}

/** `a/b/c.ts`: that, `a/b` and `a`. */
function placesOf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Tracked files, and those that git does not ignore. */
function filesOf(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)));
}

type Imports = ReadonlyMap<string, readonly string[]>;

/** Imports of every source that tests reach, by esbuild's own resolution. */
async function importsOf(tests: readonly string[], root: string): Promise<Imports> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...tests],
    outdir: 'build/check',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [onlyOurs],
  });
  return new Map(
    Object.entries(metafile.inputs).map(([path, { imports }]) => [
      path,
      imports.flatMap((one) => (one.external ? [] : [one.path])),
    ]),
  );
}

/** Installed packages are as the lock file says. */
const onlyOurs: Plugin = {
  name: 'only ours',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@tidemark/') ? undefined : { path, external: true },
    );
  },
};

function reachedFrom(test: string, imports: Imports): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [test];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    open.push(...(imports.get(path) ?? []));
  }
  return reached;
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex').slice(0, 24);
}
