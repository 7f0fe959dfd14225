import { type Clock, wallClock } from '../../clock.ts';
import { jsonService } from '../../gateway/json-service.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { Service } from '../../gateway/service.ts';
import { RecordStore } from '../../store/record-store.ts';
import type { Time } from '../../virtual-time.ts';
import { BucketWriter } from './bucket-writer.client.ts';
import { Buffers } from './buffers.ts';
import { describeDeliveryStream } from './describe-delivery-stream.ts';
import { FirehoseState } from './firehose-state.ts';
import { listDeliveryStreams } from './list-delivery-streams.ts';
import { objectOf } from './object-of.ts';
import { firehosePermissions } from './permissions.ts';
import { putRecord } from './put-record.ts';
import { putRecordBatch } from './put-record-batch.ts';
import { type Destination, destinationSchema } from './stream.schema.ts';

export interface FirehoseServiceOptions {
  /** Where streams and records that are not in S3 yet are kept. */
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  readonly roles: Roles;
  /** The gateway's URL, once it listens: objects are written there, as the streams' roles. */
  readonly endpoint: () => string;
  /** What buffering and prefixes go by. */
  readonly time: Time;
  /** The wall's: what the pauses between attempts go by. */
  readonly clock?: Clock;
  /** Told of every write that failed; there will be another. */
  readonly onFailedDelivery?: (streamName: string, why: string) => void;
  readonly onFault?: (fault: unknown, what: string) => void;
}

/** Firehose on the wire, and what templates make streams with. */
export interface FirehoseService extends Service {
  /** Makes a stream or changes it; what is buffered stays. @throws DestinationError */
  putDeliveryStream(name: string, destination: DestinationInput): Promise<void>;
  /** Deletes a stream with what is buffered. */
  deleteDeliveryStream(name: string): Promise<void>;
  /** From now on records are written, what is left of an earlier run included. */
  start(): Promise<void>;
  /** Leaves records where they are. Call it before S3 is closed. */
  pause(): Promise<void>;
}

/** A destination before its defaults. */
export type DestinationInput = Readonly<Record<string, unknown>>;

/** Opens the local Firehose. */
export async function firehoseService({
  directory,
  accountId,
  region,
  roles,
  endpoint,
  time,
  clock = wallClock(),
  onFailedDelivery = () => undefined,
  onFault = () => undefined,
}: FirehoseServiceOptions): Promise<FirehoseService> {
  const records = await RecordStore.open(directory);
  const state = await FirehoseState.open(records, { region, accountId });
  const writer = new BucketWriter({ roles, region, endpoint });
  const buffers = new Buffers({
    records,
    time,
    clock,
    stream: (name) => state.find(name)?.stream,
    objectOf: (stream, contents) => objectOf(stream, contents, state.get(stream.name).processing.delimiter),
    write: ({ name, destination }, { key, body }) =>
      writer.put(state.arn(name), destination.RoleARN, bucketOf(destination), key, body),
    onFailedDelivery: ({ name }, error) => onFailedDelivery(name, String(error)),
    onFault,
  });
  const now = () => time.now();
  const pause = () => buffers.close();
  const service = jsonService({
    signingName: 'firehose',
    version: '1.1',
    permissions: firehosePermissions,
    operations: {
      DescribeDeliveryStream: describeDeliveryStream(state),
      ListDeliveryStreams: listDeliveryStreams(state),
      PutRecord: putRecord(state, buffers, now),
      PutRecordBatch: putRecordBatch(state, buffers, now),
    },
    async close() {
      await pause();
      await state.turns.idle();
      await writer.close();
      await records.close();
    },
  });
  return {
    ...service,
    async putDeliveryStream(name, given) {
      const destination = destinationSchema.parse(given);
      roles.assume(destination.RoleARN, 'firehose.amazonaws.com', state.arn(name));
      await state.put(name, destination, now());
    },
    deleteDeliveryStream: (name) => state.remove(name),
    start: () => buffers.start(),
    pause,
  };
}

const bucketOf = ({ BucketARN }: Destination): string => BucketARN.slice('arn:aws:s3:::'.length);
