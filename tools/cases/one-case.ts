import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalRegion, type LocalRegionOptions, type RegionEvent } from '@tidemark/region';
import { layerModules } from '../../laptop/layer-modules.ts';
import { CaseDocument } from './case-document.client.ts';
import { readCaseFolder } from './case-folder.ts';
import { CaseRecord, RunCase } from './run-case.ts';

/** As `npm start` has it: a minute's wait takes a second. */
const speed = 60;
/** Reading what there is, and ending the region's processes, take seconds. */
const closingMilliseconds = 60_000;

interface OneCaseOptions {
  readonly directory: string;
  readonly assemblyDirectory: string;
  /** The case is ended after so long, and says so. */
  readonly limitSeconds: number;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  /** What the account has beside the assembly, who is told of decisions, and what runs functions. */
  readonly account?: Pick<LocalRegionOptions, 'accountPolicies' | 'onDecision' | 'runFunction'>;
}

/** What came of a case. */
export interface CaseResult {
  readonly document: Readonly<Record<string, unknown>>;
  /** Whether everything was put and came to rest, in a region without defects. */
  readonly isComplete: boolean;
}

/** Runs a case in a region of its own, which is forgotten afterwards. */
export async function oneCase(options: OneCaseOptions): Promise<CaseResult> {
  const { directory, assemblyDirectory, limitSeconds, progress } = options;
  const begun = Date.now();
  const folder = readCaseFolder(directory);
  const stateDirectory = await mkdtemp(join(tmpdir(), 'tidemark-case-'));
  const told: RegionEvent[] = [];
  const limit = AbortSignal.timeout(limitSeconds * 1000);
  const signal = AbortSignal.any([options.signal, limit]);
  const seconds = () => Math.round((Date.now() - begun) / 100) / 10;
  progress(`${folder.name}: starting a region`);
  const region = await LocalRegion.start({
    assemblyDirectory,
    stateDirectory,
    layerModules,
    speed,
    ...options.account,
    onEvent: (event) => told.push(event),
  });
  const record = new CaseRecord();
  try {
    const run = new RunCase({ folder, region, signal, progress, record });
    const end = await outcome(run.run(), signal, limit, limitSeconds);
    const found = await within(new CaseDocument(region, record, told).read());
    const document = { case: folder.name, ...end, seconds: seconds(), ...(found ?? {}) };
    progress(`${folder.name}: ${end.end} after ${seconds()} s`);
    const isComplete = end.end === 'at rest' && !told.some(({ kind }) => kind === 'fault');
    return { document, isComplete };
  } finally {
    // A process that does not end must not hold up the cases that follow.
    await within(region.stop());
    await rm(stateDirectory, { recursive: true, force: true }).catch(() => undefined);
  }
}

type End =
  | { readonly end: 'at rest' }
  | { readonly end: 'limit' | 'interrupted' | 'failed'; readonly why: string };

async function outcome(
  run: Promise<void>,
  signal: AbortSignal,
  limit: AbortSignal,
  limitSeconds: number,
): Promise<End> {
  try {
    // A call that does not answer must not outlast the limit either.
    await Promise.race([run, aborted(signal)]);
    return { end: 'at rest' };
  } catch (error) {
    run.catch(() => undefined);
    if (limit.aborted) {
      return {
        end: 'limit',
        why: `It was ended after ${limitSeconds} s, as --limit-seconds says. What follows is what there was.`,
      };
    }
    if (signal.aborted) return { end: 'interrupted', why: 'It was interrupted.' };
    return { end: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** What it comes to, or nothing after a minute. */
async function within<T>(work: Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([work, delay(closingMilliseconds, undefined, { signal: done.signal })]);
  } finally {
    done.abort();
  }
}
