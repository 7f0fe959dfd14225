import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { MemoryPeak } from './process-memory.ts';
import { runProcess } from './run-process.ts';

/** What we read of the summary that `npm start -- --exit` writes. */
const summarySchema = z.object({
  versions: z.array(z.object({ dataset: z.object({ rows: z.number() }) })).min(1),
  executions: z.array(
    z.object({ capability: z.string(), states: z.record(z.string(), z.object({ seconds: z.number() })) }),
  ),
  replay: z.object({ conclusion: z.object({ kind: z.string(), message: z.string() }) }),
});
type Summary = z.infer<typeof summarySchema>;

export interface StartMeasurement {
  readonly firstLiveEndpointSeconds: number;
  /** From nothing to the version that drift has led to. */
  readonly closedLoopSeconds: number;
  readonly peak: MemoryPeak;
  /** Reading and validating the file. */
  readonly ingestRowsPerSecond: number;
  /** Splitting and encoding the dataset. */
  readonly prepareRowsPerSecond: number;
}

/** Runs the whole product once, from nothing to a live endpoint and on to a retrained one, as a newcomer does. */
export async function startOnce(stateDirectory: string): Promise<StartMeasurement> {
  const { seconds, sawAfterSeconds, peak } = await runProcess(
    'npm',
    ['start', '--', '--exit', '--fresh', '--state', stateDirectory],
    'deployment.succeeded',
  );
  if (sawAfterSeconds === undefined) throw new Error('npm start ended without a live endpoint.');
  const summary = summarySchema.parse(JSON.parse(readFileSync(join(stateDirectory, 'summary.json'), 'utf8')));
  const { kind, message } = summary.replay.conclusion;
  if (kind !== 'closed') throw new Error(`npm start has not closed the loop (${kind}): ${message}`);
  const rows = summary.versions[0]?.dataset.rows ?? 0;
  return {
    firstLiveEndpointSeconds: sawAfterSeconds,
    closedLoopSeconds: seconds,
    peak,
    ingestRowsPerSecond: rows / secondsIn(summary, 'ingest', 'ValidateFiles'),
    prepareRowsPerSecond: rows / secondsIn(summary, 'train', 'Prepare'),
  };
}

/** Of the first execution that came to the state: it is about the rows of the first version. */
function secondsIn({ executions }: Summary, capability: string, state: string): number {
  const first = executions.find(
    (execution) => execution.capability === capability && execution.states[state],
  );
  const seconds = first?.states[state]?.seconds;
  if (seconds === undefined) throw new Error(`No ${capability} execution has a state ${state}.`);
  return seconds;
}
