import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectAccessError } from '../../containers/container-objects.client.ts';
import { ModelContainer, UnhealthyContainerError } from '../../containers/model-container.ts';
import { AlwaysOnServer, type ModelServer, OnDemandServer } from '../../containers/model-server.ts';
import { awsEnvironment, type Context, logFileOf, objectsOf } from './context.ts';
import type { FleetSpec, FleetVariant } from './endpoint-record.schema.ts';
import { assertPull, mayObserve } from './execution-role.ts';
import { locationOf } from './s3-location.ts';

/** A variant that answers. */
export interface ServedVariant {
  readonly spec: FleetVariant;
  readonly server: ModelServer;
  /** Takes one of a serverless variant's places, to be given back; `undefined` when all are taken. */
  readonly claim: () => (() => void) | undefined;
}

/** A fleet did not come up. Its message is for the endpoint's `FailureReason`. */
export class FleetFailedError extends Error {
  override readonly name = 'FleetFailedError';
}

/** The running side of an endpoint configuration: one server per variant, standing for all its instances. */
export class Fleet {
  readonly spec: FleetSpec;
  readonly variants: readonly ServedVariant[];
  #routed = 0;

  constructor(context: Context, endpointName: string, spec: FleetSpec) {
    this.spec = spec;
    this.variants = spec.variants.map((variant) => ({
      spec: variant,
      server: serverOf(context, endpointName, variant),
      claim: claims(variant.serverless?.MaxConcurrency ?? Number.POSITIVE_INFINITY),
    }));
  }

  /** Resolves when every variant is healthy; throws `FleetFailedError`. */
  async ready(): Promise<void> {
    await Promise.all(
      this.variants.map(({ spec, server }) => server.ready().catch((error) => fail(spec, error))),
    );
  }

  /** The variant for the next request by weight, or the one asked for. */
  variantFor(target: string | undefined): ServedVariant | undefined {
    if (target !== undefined) return this.variants.find(({ spec }) => spec.name === target);
    const total = this.variants.reduce((sum, { spec }) => sum + spec.weight, 0);
    let position = goldenPosition(this.#routed) * total;
    this.#routed += 1;
    return this.variants.find(({ spec }) => {
      position -= spec.weight;
      return position < 0;
    });
  }

  async stop(graceSeconds?: number): Promise<void> {
    await Promise.all(this.variants.map(({ server }) => server.stop(graceSeconds)));
  }
}

function claims(places: number): ServedVariant['claim'] {
  let taken = 0;
  return () => {
    if (taken === places) return undefined;
    taken += 1;
    return () => {
      taken -= 1;
    };
  };
}

/** Points that spread evenly over [0, 1): multiples of the golden ratio. Each weight gets its share at any time. */
function goldenPosition(n: number): number {
  return (n * 0.618_033_988_749_895) % 1;
}

function serverOf(context: Context, endpointName: string, variant: FleetVariant): ModelServer {
  const start = (signal: AbortSignal) => startContainer(context, endpointName, variant, signal);
  if (!variant.serverless) return new AlwaysOnServer(start);
  return new OnDemandServer(start, context.serverlessIdleSeconds * 1000);
}

async function startContainer(
  context: Context,
  endpointName: string,
  variant: FleetVariant,
  signal: AbortSignal,
): Promise<ModelContainer> {
  assertPull(context, variant.roleArn, variant.image);
  mayObserve(context, variant.roleArn, 'Endpoints', endpointName);
  const objects = objectsOf(context, variant.roleArn);
  const directory = join(context.directory, 'endpoints', endpointName, `${variant.name}-${randomUUID()}`);
  try {
    const container = await ModelContainer.start(
      {
        image: await context.images.resolve(variant.image),
        modelData: variant.modelDataUrl === undefined ? undefined : locationOf(variant.modelDataUrl),
        environment: {
          ...awsEnvironment(context, variant.roleArn, variant.isolated),
          ...variant.environment,
        },
        startupSeconds: variant.startupSeconds,
      },
      {
        directory,
        logFile: logFileOf(context, 'Endpoints', `${endpointName}/${variant.name}`),
        objects,
        signal,
      },
    );
    void container.exited.then(() => rm(directory, { recursive: true, force: true }));
    return container;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  } finally {
    objects.close();
  }
}

function fail(variant: FleetVariant, error: unknown): never {
  if (error instanceof UnhealthyContainerError) {
    throw new FleetFailedError(
      `The container of production variant ${variant.name} did not pass the ping health check: ${error.message}. ` +
        'Its log is under logs/Endpoints.',
    );
  }
  if (error instanceof ObjectAccessError) {
    throw new FleetFailedError(
      `The model of production variant ${variant.name} could not be loaded. ${error.message}`,
    );
  }
  throw error;
}
