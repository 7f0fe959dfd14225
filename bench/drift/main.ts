import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pictureOf } from './picture.ts';
import { planSimulations } from './plan.ts';
import { type Result, writeReport } from './report.ts';
import { simulate } from './simulate.ts';

/**
 * `npm run bench:drift`: how often the monitor calls drift what is none, and how soon it finds what is, beside Evidently's default rules.
 * Writes build/bench-drift.json, the tables of docs/drift.md and docs/drift.svg; with `--quick`, a twentieth of the windows
 * and only the first. The same code gives the same figures, on any number of cores.
 */
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, shard: { type: 'string' }, of: { type: 'string' } },
});
const quickEffort = 0.05;
const parts = planSimulations(values.quick ? quickEffort : 1);

if (values.shard !== undefined) {
  // A shard takes every so many simulations, so that large and small ones are spread.
  const results = parts
    .map((part, index) => ({ part, index }))
    .filter(({ index }) => index % Number(values.of) === Number(values.shard))
    .map(({ part, index }) => ({ index, outcome: simulate(part.simulation) }));
  process.stdout.write(JSON.stringify(results));
} else {
  await runAll();
}

async function runAll(): Promise<void> {
  const started = performance.now();
  const shards = Math.min(2, availableParallelism());
  const outputs = await Promise.all(Array.from({ length: shards }, (_, shard) => runShard(shard, shards)));
  const outcomes = new Map(outputs.flat().map(({ index, outcome }) => [index, outcome]));
  const results: Result[] = parts.flatMap((part, index) => {
    const outcome = outcomes.get(index);
    return outcome ? [{ ...part, outcome }] : [];
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  mkdirSync('build', { recursive: true });
  writeFileSync(
    join('build', 'bench-drift.json'),
    JSON.stringify({ seconds, quick: values.quick, results }, null, 1),
  );
  if (!values.quick) {
    writeReport(join('docs', 'drift.md'), results);
    writeFileSync(join('docs', 'drift.svg'), pictureOf(results));
  }
  console.log(`${results.length} simulations in ${seconds} s: build/bench-drift.json`);
}

interface ShardResult {
  readonly index: number;
  readonly outcome: Result['outcome'];
}

/** A process for each core. @throws Error when it ends with anything but 0 */
function runShard(shard: number, of: number): Promise<ShardResult[]> {
  const quick = values.quick ? ['--quick'] : [];
  const process_ = spawn(
    process.execPath,
    ['--import', 'tsx', import.meta.filename, '--shard', String(shard), '--of', String(of), ...quick],
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
