import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesise } from '../laptop/start/synthesis.ts';
import type { MemoryPeak } from './process-memory.ts';
import { runProcess } from './run-process.ts';
import { type StartMeasurement, startOnce } from './start-once.ts';
import { median } from './statistics.ts';

/** What is promised on two cores; see README. */
const targets = { firstLiveEndpointSeconds: 60, peakMemoryMegabytes: 1100, synthSeconds: 10 };

interface Result {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly all: readonly number[];
  readonly target?: number;
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);

/** What held most memory in each run. */
const peaks: MemoryPeak[] = [];
const directory = mkdtempSync(join(tmpdir(), 'tidemark-bench-'));
try {
  const results = [...(await synthesisResults()), ...(await startResults())];
  print(results);
  printPeak();
  write(results);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function synthesisResults(): Promise<Result[]> {
  const cdk = await runProcess('npx', ['cdk', 'synth', '--quiet', '--output', join(directory, 'cdk.out')]);
  const started = performance.now();
  await synthesise({ projectDirectory: process.cwd(), assemblyDirectory: join(directory, 'assembly') });
  const own = (performance.now() - started) / 1000;
  return [
    result('cdk synth', 's', [cdk.seconds], targets.synthSeconds),
    result('synthesis of npm start', 's', [own]),
  ];
}

async function startResults(): Promise<Result[]> {
  const starts: StartMeasurement[] = [];
  for (let run = 1; run <= runs; run += 1) {
    console.log(`npm start, run ${run} of ${runs} …`);
    starts.push(await startOnce(join(directory, `state-${run}`)));
  }
  peaks.push(...starts.map(({ peak }) => peak));
  const of = (measure: (start: StartMeasurement) => number) => starts.map(measure);
  return [
    result(
      'first live endpoint',
      's',
      of((start) => start.firstLiveEndpointSeconds),
      targets.firstLiveEndpointSeconds,
    ),
    result(
      'closed loop',
      's',
      of((start) => start.closedLoopSeconds),
    ),
    result(
      'peak memory, all processes',
      'MB',
      of((start) => start.peak.bytes / 1e6),
      targets.peakMemoryMegabytes,
    ),
    result(
      'ingest',
      'rows/s',
      of((start) => start.ingestRowsPerSecond),
    ),
    result(
      'prepare',
      'rows/s',
      of((start) => start.prepareRowsPerSecond),
    ),
  ];
}

function result(name: string, unit: string, all: readonly number[], target?: number): Result {
  return { name, unit, median: median(all), all, ...(target !== undefined && { target }) };
}

function print(results: readonly Result[]): void {
  console.log(
    `\n${'what'.padEnd(30)}${'median'.padStart(12)}${'lowest'.padStart(12)}${'highest'.padStart(12)}   target`,
  );
  for (const { name, unit, median: middle, all, target } of results) {
    const figures = [middle, Math.min(...all), Math.max(...all)]
      .map((value) => figure(value).padStart(12))
      .join('');
    const verdict = target === undefined ? '' : `below ${target}: ${middle < target ? 'yes' : 'NO'}`;
    console.log(`${`${name} (${unit})`.padEnd(30)}${figures}   ${verdict}`);
  }
}

/** Of the run that held most. */
function printPeak(): void {
  const [highest] = peaks.toSorted((a, b) => b.bytes - a.bytes);
  console.log('\nat the highest peak (MB)');
  for (const { name, bytes } of highest?.processes ?? []) {
    console.log(`${figure(Math.round(bytes / 1e6)).padStart(6)}  ${name.slice(-100)}`);
  }
}

function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

function write(results: readonly Result[]): void {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
  mkdirSync('build', { recursive: true });
  const report = { measuredAt: new Date().toISOString(), runs, machine, results, memoryPeaks: peaks };
  writeFileSync('build/bench.json', `${JSON.stringify(report, undefined, 2)}\n`);
  console.log('\nbuild/bench.json has all figures.');
}
