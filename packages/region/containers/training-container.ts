import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import { pack } from './archive.ts';
import { Container } from './container.ts';
import type { ContainerObjects } from './container-objects.client.ts';
import type { Image } from './image.ts';
import { MlRoot } from './ml-root.ts';
import { below, relativeKey, type S3Location } from './s3-uri.ts';

/** A channel of a training job. */
export interface Channel {
  readonly name: string;
  readonly location: S3Location;
  readonly gzip: boolean;
  /** Its entry in `inputdataconfig.json`. */
  readonly config: Readonly<Record<string, string>>;
}

export interface TrainingSpec {
  readonly image: Image;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: readonly Channel[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where `model.tar.gz` and `output.tar.gz` go. */
  readonly output: S3Location;
  readonly maxRuntimeSeconds: number;
}

export type TrainingPhase = 'Downloading' | 'Training' | 'Uploading';

/** Why a training was interrupted: somebody asked, or the region is closing. */
export type TrainingInterruption = 'stopped' | 'closing';

export type TrainingOutcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly message: string }
  | { readonly kind: 'out-of-time' }
  | { readonly kind: TrainingInterruption };

interface TrainingHost {
  readonly directory: string;
  readonly logFile: string;
  readonly objects: ContainerObjects;
  readonly clock: Clock;
  readonly onPhase: (phase: TrainingPhase) => Promise<void>;
  readonly onLine: (line: string) => void;
  /** Aborted with a `TrainingInterruption` for a reason. */
  readonly signal: AbortSignal;
}

/** SageMaker waits so long between asking a container to stop and ending it. */
const STOP_GRACE_SECONDS = 120;

/** Nobody waits for results when the region closes. */
const CLOSE_GRACE_SECONDS = 2;

/**
 * Runs a training job by SageMaker's container contract, from the download of its channels to the upload of what it
 * left behind. What a stopped or timed-out training left is uploaded too, as SageMaker does.
 */
export async function runTraining(spec: TrainingSpec, host: TrainingHost): Promise<TrainingOutcome> {
  const root = await MlRoot.create(join(host.directory, 'opt-ml'));
  try {
    await host.onPhase('Downloading');
    await writeConfigs(spec, root);
    for (const channel of spec.channels) await download(channel, root, host.objects);
    if (host.signal.aborted) return interruption(host.signal);
    await host.onPhase('Training');
    const outcome = await train(spec, root, host);
    if (outcome.kind === 'closing') return outcome;
    await host.onPhase('Uploading');
    await upload(spec, root, host, outcome);
    return outcome;
  } finally {
    await root.remove();
  }
}

async function writeConfigs(spec: TrainingSpec, root: MlRoot): Promise<void> {
  await root.writeConfig('hyperparameters.json', spec.hyperparameters);
  const channels = Object.fromEntries(spec.channels.map(({ name, config }) => [name, config]));
  await root.writeConfig('inputdataconfig.json', channels);
  const resources = { current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: 'lo' };
  await root.writeConfig('resourceconfig.json', resources);
}

async function download(
  { name, location, gzip }: Channel,
  root: MlRoot,
  objects: ContainerObjects,
): Promise<void> {
  for (const key of await objects.list(location)) {
    const path = relativeKey(location.key, key);
    const target = gzip ? path.replace(/\.gz$/, '') : path;
    const through = gzip ? [createGunzip()] : [];
    await objects.download({ bucket: location.bucket, key }, root.channel(name), target, through);
  }
}

async function train(spec: TrainingSpec, root: MlRoot, host: TrainingHost): Promise<TrainingOutcome> {
  const { image, environment } = spec;
  const { logFile, onLine } = host;
  const container = new Container({
    image,
    verb: 'train',
    directory: root.path,
    environment,
    logFile,
    onLine,
  });
  const exitCode = await Promise.race([container.exited, interrupted(spec, host, container)]);
  if (exitCode === undefined) {
    await container.stop(host.signal.reason === 'closing' ? CLOSE_GRACE_SECONDS : STOP_GRACE_SECONDS);
    return host.signal.aborted ? interruption(host.signal) : { kind: 'out-of-time' };
  }
  if (exitCode === 0) return { kind: 'completed' };
  return { kind: 'failed', exitCode, message: await root.failure() };
}

/** Resolves when the training's time is up or somebody interrupts it, unless it ends first. */
function interrupted(spec: TrainingSpec, host: TrainingHost, container: Container): Promise<undefined> {
  const ended = new AbortController();
  void container.exited.then(() => ended.abort());
  const end = host.clock.now() + spec.maxRuntimeSeconds * 1000;
  const signal = AbortSignal.any([host.signal, ended.signal]);
  return host.clock.until(end, signal).then(
    () => undefined,
    () => undefined,
  );
}

function interruption({ reason }: AbortSignal): TrainingOutcome {
  return { kind: reason === 'closing' ? 'closing' : 'stopped' };
}

/** A failed training leaves no model; its other output is kept, as far as there is any. */
async function upload(
  { output }: TrainingSpec,
  root: MlRoot,
  { directory, objects }: TrainingHost,
  { kind }: TrainingOutcome,
): Promise<void> {
  const hasModel = kind === 'completed' || (kind !== 'failed' && (await hasContent(root.model)));
  const archives = [
    ...(hasModel ? [{ from: root.model, name: 'model.tar.gz' }] : []),
    ...((await hasContent(root.outputData)) ? [{ from: root.outputData, name: 'output.tar.gz' }] : []),
  ];
  for (const { from, name } of archives) {
    const file = join(directory, name);
    await pack(from, file);
    await objects.upload(file, below(output, name));
  }
}

async function hasContent(directory: string): Promise<boolean> {
  return (await readdir(directory)).length > 0;
}
