import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/** One check: what it is called, the command, and what to do when it fails. */
interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly remedy: string;
}

const hasColours = process.stdout.isTTY && process.stdout.hasColors();

const quick: readonly Check[] = [
  {
    name: 'format and lint',
    command: ['biome', 'ci', '--error-on-warnings', `--colors=${hasColours ? 'force' : 'off'}`, '.'],
    remedy: 'npm run format mends most of it',
  },
  { name: 'types', command: ['tsc', '--build'], remedy: 'see the errors above' },
  {
    name: 'state machines',
    command: ['tsx', 'tools/check-state-machines.ts'],
    remedy: 'npm run format writes retry policies; see docs/design/contracts.md, Workflow conventions',
  },
  {
    name: 'synth',
    command: ['cdk', 'synth', '--quiet', '--output', 'build/check.cdk.out'],
    remedy: 'npx cdk synth shows the whole story',
  },
];

/** All but whole runs, which are for `npm test`: see `vitest.config.ts`. */
const unitTests: Check = {
  name: 'unit tests',
  command: ['vitest', 'run', '--project', 'unit', '--reporter', 'dot'],
  remedy: 'npx vitest <file> runs one file again and again',
};

interface Result extends Check {
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Runs a command of `node_modules/.bin`, which npm has put on the path. */
async function run(check: Check): Promise<Result> {
  const started = performance.now();
  const [command = '', ...args] = check.command;
  const child = spawn(command, args, {
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

const { values } = parseArgs({ options: { 'without-tests': { type: 'boolean' } } });
const started = performance.now();
// Two at a time: the tests keep one core busy, the rest the other.
const lanes = values['without-tests'] ? [quick] : [quick, [unitTests]];
const results = (await Promise.all(lanes.map(oneAfterTheOther))).flat();
const failed = results.filter(({ passed }) => !passed);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  failed.length === 0
    ? `\nAll ${results.length} checks passed in ${seconds} s.`
    : `\nFailed: ${failed.map(({ name }) => name).join(', ')} (${seconds} s).`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
