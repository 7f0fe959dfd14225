import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pictureOf, qualityPictureOf } from './picture.ts';
import { planSimulations } from './plan.ts';
import { planQuality } from './quality-plan.ts';
import type { QualityResult } from './quality-report.ts';
import { simulateQuality } from './quality-simulate.ts';
import { type Result, writeReport } from './report.ts';
import { simulate } from './simulate.ts';

/**
 * `npm run bench:drift`: how often the monitor calls drift, or a loss of quality, what is none, and how soon it finds what is; drift beside
 * Evidently's default rules. Writes build/bench-drift.json, the tables of docs/drift.md, docs/drift.svg and docs/quality.svg; with
 * `--quick`, a twentieth of the windows and only the first; with `--only drift` or `--only quality`, one of the two. The same code gives the
 * same figures, on any number of cores.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    shard: { type: 'string' },
    of: { type: 'string' },
  },
});
const quickEffort = 0.05;
const effort = values.quick ? quickEffort : 1;
const parts = [
  ...(values.only === 'quality' ? [] : planSimulations(effort)),
  ...(values.only === 'drift' ? [] : planQuality(effort)),
];

if (values.shard !== undefined) {
  // A shard takes every so many simulations, so that large and small ones are spread.
  const results = parts
    .map((part, index) => ({ part, index }))
    .filter(({ index }) => index % Number(values.of) === Number(values.shard))
    .map(({ part, index }) => ({
      index,
      outcome: 'quality' in part ? simulateQuality(part.quality) : simulate(part.simulation),
    }));
  const cpuSeconds = process.cpuUsage().user / 1e6;
  process.stdout.write(JSON.stringify({ results, cpuSeconds }));
} else {
  await runAll();
}

async function runAll(): Promise<void> {
  const started = performance.now();
  const shards = Math.min(2, availableParallelism());
  const outputs = await Promise.all(Array.from({ length: shards }, (_, shard) => runShard(shard, shards)));
  const outcomes = new Map(
    outputs.flatMap(({ results }) => results).map(({ index, outcome }) => [index, outcome]),
  );
  const drift: Result[] = [];
  const quality: QualityResult[] = [];
  for (const [index, part] of parts.entries()) {
    const outcome = outcomes.get(index);
    if ('quality' in part && outcome && 'degraded' in outcome) quality.push({ ...part, outcome });
    if ('simulation' in part && outcome && 'drift' in outcome) drift.push({ ...part, outcome });
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  const cpuSeconds = Math.round(outputs.reduce((sum, output) => sum + output.cpuSeconds, 0));
  mkdirSync('build', { recursive: true });
  writeFileSync(
    join('build', 'bench-drift.json'),
    JSON.stringify({ seconds, cpuSeconds, quick: values.quick, drift: drift.map(named), quality }, null, 1),
  );
  if (!values.quick) {
    writeReport(join('docs', 'drift.md'), { drift, quality });
    if (drift.length > 0) writeFileSync(join('docs', 'drift.svg'), pictureOf(drift));
    if (quality.length > 0) writeFileSync(join('docs', 'quality.svg'), qualityPictureOf(quality));
  }
  console.log(
    `${parts.length} simulations in ${seconds} s, ${cpuSeconds} s of processor: build/bench-drift.json`,
  );
}

/** Populations by name only: their cells are megabytes. */
function named({ part, row, simulation: { name, windowRows }, outcome }: Result) {
  return { part, row, name, windowRows, outcome };
}

interface ShardOutput {
  readonly results: readonly ShardResult[];
  readonly cpuSeconds: number;
}

interface ShardResult {
  readonly index: number;
  readonly outcome: Result['outcome'] | QualityResult['outcome'];
}

/** A process for each core. @throws Error when it ends with anything but 0 */
function runShard(shard: number, of: number): Promise<ShardOutput> {
  const options = [...(values.quick ? ['--quick'] : []), ...(values.only ? ['--only', values.only] : [])];
  const process_ = spawn(
    process.execPath,
    ['--import', 'tsx', import.meta.filename, '--shard', String(shard), '--of', String(of), ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  process_.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output += piece;
  });
  return new Promise((resolve, reject) => {
    process_.on('error', reject);
    process_.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`Shard ${shard} of the simulation ended with ${code}.`));
    });
  });
}
