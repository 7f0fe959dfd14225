import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { diskTrouble, guardGroup } from '@tidemark/region/host';
import * as z from 'zod';
import { configOf } from '../../infra/config.ts';
import { sourceHash } from './source-hash.ts';
import { StartError } from './start-error.ts';

/** The context that the CDK command adds of its own; without it templates would differ from those it deploys. */
const commandContext = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:bundling-stacks': ['**'] };

/** The laptop's account has no quota of endpoints; what `cdk.json` says about those of an account counts here too. */
const localLimits = { serverlessMaxConcurrency: 100_000, serverlessEndpoints: 100_000 };

/** Lines of the app's own output that are shown when it fails. */
const shownLines = 25;

interface SynthesisOptions {
  readonly projectDirectory: string;
  /** Where the cloud assembly goes; replaced as a whole. */
  readonly assemblyDirectory: string;
  readonly signal?: AbortSignal;
  /** Which stage of `cdk.json`; needed where it has several. */
  readonly stage?: string | undefined;
  /** Settings in the place of `cdk.json`'s `tidemark`. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Synthesises the CDK app as `cdk synth` does, unless the assembly is there and nothing it is made from has changed.
 * Leaves out the CDK's check of the templates against CloudFormation's schemas, which takes longer than all the rest
 * and is part of `npm run check`.
 * @returns whether there was anything to do.
 * @throws StartError with the app's own last words when it fails.
 */
export async function synthesise(options: SynthesisOptions): Promise<'synthesised' | 'unchanged'> {
  const { projectDirectory, assemblyDirectory, stage, settings } = options;
  const chosen = stage === undefined && settings === undefined ? '' : JSON.stringify({ stage, settings });
  const hash = `${sourceHash(projectDirectory)}${chosen}`;
  const hashFile = join(assemblyDirectory, 'source-hash');
  if (existsSync(hashFile) && readFileSync(hashFile, 'utf8') === hash) return 'unchanged';

  checkSettings(options);
  const work = resolve(`${assemblyDirectory}.work`);
  sweep(work);
  // Of this process alone: what a killed start has left may still be written to by its last words.
  const own = join(work, String(process.pid));
  const [fresh, bundles, former] = [join(own, 'assembly'), join(own, 'functions'), join(own, 'former')];
  try {
    mkdirSync(fresh, { recursive: true });
    await runApp(options, { CDK_OUTDIR: fresh, TIDEMARK_BUNDLES: bundles });
    writeFileSync(join(fresh, 'source-hash'), hash);
  } catch (error) {
    // Half of an assembly is of no use, and on a full disk in the way.
    sweep(work);
    throw error;
  }
  // Two renames: there is the old assembly, none, or the new one, and never half of one.
  if (existsSync(assemblyDirectory)) renameSync(assemblyDirectory, former);
  renameSync(fresh, assemblyDirectory);
  sweep(work);
  return 'synthesised';
}

/** As the app will, whose words are behind a stack trace. @throws StartError */
function checkSettings(options: SynthesisOptions): void {
  try {
    configOf(readContext(options.projectDirectory, options).tidemark, {
      stage: options.stage,
      flag: '--stage ',
    });
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

/** Deletes what this start and earlier ones have left, as far as it can be deleted: the rest is for the next start. */
function sweep(work: string): void {
  try {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Somebody still writes there.
  }
}

async function runApp(
  { projectDirectory, signal, stage, settings }: SynthesisOptions,
  directories: { readonly CDK_OUTDIR: string; readonly TIDEMARK_BUNDLES: string },
): Promise<void> {
  const tsx = import.meta.resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, 'infra/app.ts'], {
    cwd: projectDirectory,
    env: {
      ...process.env,
      ...directories,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...readContext(projectDirectory, { stage, settings }),
        ...commandContext,
      }),
      CDK_VALIDATION: 'false',
      // esbuild is a Go program: collecting garbage sooner takes half the memory for no more time.
      GOGC: '30',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // With what it starts, such as esbuild: a group that ends when this process does.
    detached: true,
  });
  const release = endWithThis(child, signal);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(release);
  signal?.throwIfAborted();
  if (exitCode !== 0) {
    // The app's own words would be a stack trace of the CDK's.
    const trouble = diskTrouble(new Error(output), directories.CDK_OUTDIR);
    if (trouble !== undefined) throw new StartError(trouble);
    const lastWords = output.trimEnd().split('\n').slice(-shownLines).join('\n');
    throw new StartError(`The CDK app (infra/app.ts) cannot be synthesised:\n${lastWords}`);
  }
}

/** Ends the process, and all that it has started, at the signal and when this process is gone. @returns how to call that off */
function endWithThis({ pid }: ChildProcess, signal: AbortSignal | undefined): () => void {
  if (pid === undefined) return () => undefined;
  const end = () => process.kill(-pid, 'SIGKILL');
  const release = guardGroup(pid);
  process.once('exit', end);
  signal?.addEventListener('abort', end, { once: true });
  return () => {
    process.removeListener('exit', end);
    signal?.removeEventListener('abort', end);
    release();
  };
}

const limitsSchema = z.looseObject({}).optional();
const tidemarkSchema = z.looseObject({
  limits: limitsSchema,
  stages: z.record(z.string(), z.looseObject({ limits: limitsSchema })).optional(),
});
const cdkJsonSchema = z.object({
  context: z.looseObject({ tidemark: tidemarkSchema.prefault({}) }).prefault({}),
});

/** Of `cdk.json` and the choice of a stage, with the limits of the laptop where neither has any. */
export function readContext(
  projectDirectory: string,
  { stage, settings }: Pick<SynthesisOptions, 'stage' | 'settings'> = {},
): Record<string, unknown> {
  const { context } = cdkJsonSchema.parse(
    JSON.parse(readFileSync(join(projectDirectory, 'cdk.json'), 'utf8')),
  );
  const { stages = {}, ...shared } = settings ? tidemarkSchema.parse(settings) : context.tidemark;
  const localised = (limits: Readonly<Record<string, unknown>> = {}) => ({ ...localLimits, ...limits });
  const tidemark = {
    ...shared,
    limits: localised(shared.limits),
    ...(Object.keys(stages).length > 0 && {
      stages: Object.fromEntries(
        Object.entries(stages).map(([name, own]) => [
          name,
          own.limits ? { ...own, limits: localised(own.limits) } : own,
        ]),
      ),
    }),
  };
  return { ...context, tidemark, ...(stage !== undefined && { stage }) };
}
