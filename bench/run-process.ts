import { spawn } from 'node:child_process';
import { type MemoryPeak, peakMemory } from './process-memory.ts';

export interface ProcessMeasurement {
  readonly seconds: number;
  /** Of the process and everything it started. */
  readonly peak: MemoryPeak;
  /** Seconds after which the output first contained the text; `undefined` when it never did. */
  readonly sawAfterSeconds: number | undefined;
}

/**
 * Runs a command to its end and measures it.
 * @param awaited text whose first appearance is timed.
 * @throws Error with the end of its output when it fails.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  awaited?: string,
): Promise<ProcessMeasurement> {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new AbortController();
  const memory = peakMemory(child.pid ?? 0, ended.signal);
  let output = '';
  let sawAfterSeconds: number | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (awaited !== undefined && output.includes(awaited)) sawAfterSeconds ??= elapsed();
    });
  }
  const exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = elapsed();
  ended.abort();
  const peak = await memory;
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output.slice(-4000)}`);
  return { seconds, peak, sawAfterSeconds };
}
