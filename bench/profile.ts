import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { generateRows } from './profile/generate-rows.ts';
import { median } from './statistics.ts';

/**
 * Profiles the same million rows with Tidemark, DuckDB and Python's profilers, side by side: `npm run bench:profile`.
 * Python is used as it is found; `python3 -m venv v && v/bin/pip install -r bench/profile/requirements.txt` and `--python v/bin/python` bring the packages.
 * With `--rows 10000000 --runs 1 --only tidemark` it shows that memory stays bounded; `--only` takes parts of names, with commas between. It prints the table of `docs/performance.md`.
 */
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    python: { type: 'string', default: 'python3' },
    only: { type: 'string', default: '' },
  },
});

interface Contender {
  readonly name: string;
  readonly format: 'csv' | 'parquet';
  readonly command: string;
  readonly args: readonly string[];
}

const measuredSchema = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakMegabytes: z.number(),
  /** Of what a program of ours found. */
  jsonKilobytes: z.number().default(0),
});
type Measured = z.infer<typeof measuredSchema>;

/** What `peers.py` ends with when a package is missing. */
const notInstalled = 3;

const directory = mkdtempSync(join(tmpdir(), 'tidemark-bench-'));
try {
  const paths = { csv: join(directory, 'rows.csv'), parquet: join(directory, 'rows.parquet') };
  console.log(`Writing ${Number(options.rows).toLocaleString('en-US')} rows …`);
  await generateRows(Number(options.rows), paths.csv, paths.parquet);
  const wanted = options.only.toLowerCase().split(',');
  const chosen = contenders(paths).filter(({ name }) =>
    wanted.some((part) => name.toLowerCase().includes(part)),
  );
  const results = measureAll(chosen);
  print(results, paths);
  write(results);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function contenders({ csv, parquet }: { csv: string; parquet: string }): Contender[] {
  const node = (name: string, format: Contender['format'], what: string, path: string): Contender => ({
    name,
    format,
    command: process.execPath,
    args: ['--import', 'tsx', 'bench/profile/profile-once.ts', what, path],
  });
  const python = (name: string, format: Contender['format'], path: string): Contender => ({
    name,
    format,
    command: options.python,
    args: ['bench/profile/peers.py', name, format, path],
  });
  const peers = ['pandas', 'polars', 'evidently', 'whylogs'];
  return [
    node('Tidemark, two threads', 'csv', 'csv-threads', csv),
    node('Tidemark', 'csv', 'csv', csv),
    node('DuckDB SUMMARIZE', 'csv', 'summarize-csv', csv),
    ...peers.map((name) => python(name, 'csv', csv)),
    node('Tidemark', 'parquet', 'parquet', parquet),
    node('DuckDB, reading alone', 'parquet', 'scan-parquet', parquet),
    node('DuckDB SUMMARIZE', 'parquet', 'summarize-parquet', parquet),
    ...peers.map((name) => python(name, 'parquet', parquet)),
  ];
}

/** Each in turn, then each again: what else the machine does then falls on all alike. */
function measureAll(chosen: readonly Contender[]): Map<Contender, Measured[]> {
  const results = new Map<Contender, Measured[]>();
  const missing = new Set<string>();
  for (let run = 1; run <= Number(options.runs); run += 1) {
    for (const contender of chosen) {
      if (missing.has(contender.name)) continue;
      const measured = measure(contender);
      if (measured === undefined) missing.add(contender.name);
      else results.set(contender, [...(results.get(contender) ?? []), measured]);
    }
  }
  return results;
}

/** Runs a contender in a process of its own; `undefined`, and a sentence, when it is not there. */
function measure({ name, format, command, args }: Contender): Measured | undefined {
  const environment = { ...process.env, POLARS_MAX_THREADS: '2', OMP_NUM_THREADS: '2', DO_NOT_TRACK: '1' };
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env: environment });
  if (error !== undefined || status === notInstalled) {
    console.log(`${name} is left out: ${error?.message ?? stderr.trim()}`);
    return undefined;
  }
  if (status !== 0) throw new Error(`${name} failed on ${format}:\n${stderr.slice(-4000)}`);
  return measuredSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

/** As `docs/performance.md` has it. Ratios are taken run by run, as what else the machine does changes between runs. */
function print(results: ReadonlyMap<Contender, readonly Measured[]>, paths: Record<string, string>): void {
  const load = loadavg().map((each) => each.toFixed(1));
  console.log(
    `\nMedians of ${options.runs}: ${availableParallelism()} cores, ${cpus()[0]?.model}, Node.js ${process.version}; load of the last 1, 5 and 15 minutes: ${load.join(', ')}.\n`,
  );
  console.log('| file | profiler | wall | processor | memory | wall, × Tidemark | processor, × Tidemark |');
  console.log('|---|---|---|---|---|---|---|');
  for (const [{ name, format }, all] of results) {
    const isOwn = (each: Contender) => each.format === format && each.name === 'Tidemark';
    const own = [...results].find(([contender]) => isOwn(contender))?.[1] ?? all;
    const of = (key: keyof Measured) => median(all.map((run) => run[key]));
    const times = (key: keyof Measured) =>
      median(all.map((run, index) => run[key] / (own[index] ?? run)[key])).toFixed(1);
    const cells = [
      `${format}, ${Math.round(statSync(paths[format] ?? '').size / 1e6)} MB`,
      name,
      `${of('seconds').toFixed(2)} s`,
      `${of('cpuSeconds').toFixed(2)} s`,
      `${Math.round(of('peakMegabytes'))} MB`,
      times('seconds'),
      times('cpuSeconds'),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  for (const [{ name, format }, [run]] of results) {
    if (name === 'Tidemark')
      console.log(`\nA profile of the ${format} takes ${Math.round(run?.jsonKilobytes ?? 0)} KB as JSON.`);
  }
}

function write(results: ReadonlyMap<Contender, readonly Measured[]>): void {
  mkdirSync('build', { recursive: true });
  const report = {
    measuredAt: new Date().toISOString(),
    rows: Number(options.rows),
    machine: {
      cpu: cpus()[0]?.model,
      cores: availableParallelism(),
      node: process.version,
      load: loadavg()[0],
    },
    results: [...results].map(([{ name, format }, runs]) => ({ name, format, runs })),
  };
  writeFileSync('build/bench-profile.json', `${JSON.stringify(report, undefined, 2)}\n`);
  console.log('\nbuild/bench-profile.json has all figures.');
}
