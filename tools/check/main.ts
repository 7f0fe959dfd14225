import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Check, checksOf, quickChecks, unitTests } from './checks.ts';
import { openTests } from './passed-tests.ts';

const hasColours = process.stdout.isTTY && process.stdout.hasColors();

interface Result extends Check {
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Runs a command of `node_modules/.bin`, which npm has put on the path. */
async function run(check: Check): Promise<Result> {
  const started = performance.now();
  const [command = '', ...args] = check.command;
  // Biome alone does not go by the environment.
  const colours = command === 'biome' ? [`--colors=${hasColours ? 'force' : 'off'}`] : [];
  const child = spawn(command, [...args, ...colours], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(hasColours ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      output += `${error.message}: run this with "npm run check"\n`;
      resolve(undefined);
    });
  });
  const result = { ...check, passed: exitCode === 0, seconds: (performance.now() - started) / 1000, output };
  report(result);
  return result;
}

function report({ name, passed, seconds, output, remedy }: Result): void {
  if (!passed) console.log(`\n${output.trimEnd()}\n`);
  console.log(
    `${passed ? '✓' : '✗'} ${name.padEnd(18)}${seconds.toFixed(1).padStart(6)} s${passed ? '' : `   ${remedy}`}`,
  );
}

async function oneAfterTheOther(checks: readonly Check[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) results.push(await run(check));
  return results;
}

/** Files that differ from a commit, or are not in it, without those that were deleted. */
function changedSince(commit: string): string[] {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).split('\0');
  const paths = [
    ...git('diff', '--name-only', '-z', commit),
    ...git('ls-files', '--others', '--exclude-standard', '-z'),
  ];
  return [...new Set(paths)].filter((path) => path !== '' && existsSync(path));
}

/** The unit tests that have not passed as things stand. */
async function runOpenTests(all: boolean): Promise<Result[]> {
  const open = await openTests(all);
  const others = open.total - open.files.length;
  if (others > 0) {
    console.log(
      `· ${others} of ${open.total} files of unit tests have passed as things stand (-- --all runs them too)`,
    );
  }
  if (open.files.length === 0) return [];
  const result = await run(unitTests(open.files));
  await open.remember();
  return [result];
}

const { values, positionals } = parseArgs({
  options: {
    'without-tests': { type: 'boolean' },
    changed: { type: 'boolean' },
    all: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const started = performance.now();
// Two at a time: the tests keep one core busy, the rest the other.
const lanes = values.changed
  ? [oneAfterTheOther(checksOf(changedSince(positionals[0] ?? 'HEAD')))]
  : values['without-tests']
    ? [oneAfterTheOther(quickChecks)]
    : [oneAfterTheOther(quickChecks), runOpenTests(values.all)];
const results = (await Promise.all(lanes)).flat();
const failed = results.filter(({ passed }) => !passed);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  failed.length === 0
    ? `\nAll ${results.length} checks passed in ${seconds} s.`
    : `\nFailed: ${failed.map(({ name }) => name).join(', ')} (${seconds} s).`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
