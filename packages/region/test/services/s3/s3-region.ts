import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { EventSink } from '../../../gateway/service.ts';
import type { BucketConfiguration } from '../../../services/s3/bucket-configuration.ts';
import { type S3Service, type S3ServiceOptions, s3Service } from '../../../services/s3/s3-service.ts';
import { place, serve } from '../serve.ts';

export type SentEvent = Parameters<EventSink['emit']>[0];

export interface S3Region {
  readonly directory: string;
  readonly endpoint: string;
  /** Of the person at the laptop, for calls that no SDK would make. */
  readonly accessKeyId: string;
  readonly service: S3Service;
  readonly client: S3Client;
  /** Another client, with settings of its own. */
  clientWith(config: S3ClientConfig): S3Client;
  /** What was sent to the default bus. */
  sentEvents(): Promise<readonly SentEvent[]>;
  /** Stops and starts again on the same directory. */
  restart(): Promise<S3Region>;
  /** Stops and deletes the directory. */
  stop(): Promise<void>;
}

interface S3RegionOptions extends Partial<S3ServiceOptions> {
  readonly buckets?: Readonly<Record<string, Partial<BucketConfiguration>>>;
}

/** The local S3 over HTTP, on disk. */
export async function startS3({ buckets = {}, ...options }: S3RegionOptions = {}): Promise<S3Region> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 's3-')));
  const events: SentEvent[] = [];
  const service = await s3Service({
    ...place,
    directory,
    events: { emit: async (event) => void events.push(event) },
    ...options,
  });
  const served = await serve(service);
  for (const [name, configuration] of Object.entries(buckets))
    await service.configureBucket(name, {
      versioned: false,
      eventBridge: false,
      objectLock: false,
      ...configuration,
    });
  const clientWith = (config: S3ClientConfig) => new S3Client({ ...served.clientConfig, ...config });
  const client = clientWith({});
  const halt = async () => {
    client.destroy();
    await served.stop();
  };
  return {
    directory,
    endpoint: served.clientConfig.endpoint,
    accessKeyId: served.roles.developer.accessKeyId,
    service,
    client,
    clientWith,
    async sentEvents() {
      await service.idle();
      return events;
    },
    async restart() {
      await halt();
      return await startS3({ ...options, directory });
    },
    async stop() {
      await halt();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
