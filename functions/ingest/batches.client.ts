import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';
import { type Claim, claimIdOf, claimRecord, epochSeconds } from '@tidemark/domain/registry/claims.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import {
  RegistryConflictError,
  type RegistryTable,
  type Write,
} from '@tidemark/domain/registry/table.client.ts';
import {
  type ArrivalClaim,
  type ArrivalRecord,
  arrivalClaimSchema,
  arrivalRecordSchema,
  type BatchesRecord,
  type BatchRecord,
  batchesRecordSchema,
  batchIdOf,
  batchRecordSchema,
} from './batch.schema.ts';
import type { Arrival } from './claim.ts';

/** How long it is remembered which versions a batch had; its outcome stays for good. */
const arrivalMemorySeconds = 90 * 24 * 3600;

/** DynamoDB takes a hundred writes in one transaction. */
const writesPerTransaction = 100;

/** Who claims what arrived, and when. */
export interface Claimant {
  readonly model: string;
  readonly executionArn: string;
  readonly now: Date;
}

/** A closed batch, as it is first written. */
export interface NewBatch {
  readonly definition: Definition;
  /** Folder of its marker, if a marker completed it. */
  readonly folder: string | null;
}

/** Arrivals and batches in the registry. Each write is one transaction that holds only if no other was in between. */
export class Batches {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  batches(model: string): Promise<BatchesRecord | undefined> {
    return this.#table.get(keys.batches(model), batchesRecordSchema);
  }

  /** A batch that is not open any more, or `undefined`. */
  find(model: string, batchId: string): Promise<BatchRecord | undefined> {
    return this.#table.get(keys.batch(model, batchId), batchRecordSchema);
  }

  /** A batch that must be there. */
  async load(model: string, batchId: string): Promise<BatchRecord> {
    const batch = await this.find(model, batchId);
    if (batch) return batch;
    throw new InvariantError(`The registry has no closed batch ${batchId} of ${model}.`);
  }

  /** The claim on an object's key, or on anything else that is claimed for a batch. */
  claimOn(delivery: string): Promise<ArrivalClaim | undefined> {
    return this.#table.get(claimKey(delivery), arrivalClaimSchema);
  }

  /** What belongs to a batch, by key. */
  arrivals(model: string, batchId: string): AsyncGenerator<ArrivalRecord> {
    return this.#table.query(keys.modelPk(model), keys.arrivalPrefix(batchId), arrivalRecordSchema);
  }

  async countArrivals(model: string, batchId: string): Promise<number> {
    let count = 0;
    for await (const _ of this.arrivals(model, batchId)) count += 1;
    return count;
  }

  /** Joins the open batch and signs it. @throws RegistryConflictError */
  async join(arrival: Arrival, batchId: string, by: Claimant): Promise<void> {
    await this.#table.transact([
      ...claimedArrivalWrites(arrival, batchId, by),
      { Update: signature(by.model, batchId, by.executionArn) },
    ]);
  }

  /** Opens a batch, joins and signs it. @throws RegistryConflictError when somebody else has opened one */
  async open(arrival: Arrival, by: Claimant): Promise<string> {
    const batchId = await this.#nextBatch(by.model);
    await this.#table.transact([
      ...claimedArrivalWrites(arrival, batchId, by),
      {
        Update: {
          Key: keys.batches(by.model),
          UpdateExpression: 'SET openBatch = :batch, signedBy = :me',
          ConditionExpression: 'attribute_not_exists(openBatch)',
          ExpressionAttributeValues: { ':batch': batchId, ':me': by.executionArn },
        },
      },
    ]);
    return batchId;
  }

  /** Signs the open batch again, so that its former signatory does not close it. @throws RegistryConflictError */
  async sign(model: string, batchId: string, executionArn: string): Promise<void> {
    await this.#table.update(signature(model, batchId, executionArn), batchesRecordSchema);
  }

  /** A batch of the arrival alone, closed at once. @throws RegistryConflictError */
  async closeWith(arrival: Arrival, batch: NewBatch, by: Claimant): Promise<string> {
    const batchId = await this.#nextBatch(by.model);
    await this.#table.transact([
      ...claimedArrivalWrites(arrival, batchId, by),
      batchWrite(batchId, 'closed', batch, by),
    ]);
    return batchId;
  }

  /** A batch whose files will be listed, for a marker. @throws RegistryConflictError */
  async collectFor(marker: Arrival, batch: NewBatch, by: Claimant): Promise<string> {
    const batchId = await this.#nextBatch(by.model);
    await this.#table.transact([
      claimWrite(marker, batchId, by),
      batchWrite(batchId, 'collecting', batch, by),
    ]);
    return batchId;
  }

  /** A batch of what waited for a new model, which will be listed. A retry takes another number; a gap does no harm. */
  async collectWaiting(definition: Definition, by: Claimant): Promise<string> {
    const batchId = await this.#nextBatch(by.model);
    await this.#table.transact([batchWrite(batchId, 'collecting', { definition, folder: null }, by)]);
    return batchId;
  }

  /** Puts what a listing found into the batch that is being collected. Safe to repeat. */
  async addListed(
    objects: readonly (ObjectPin & { size: number })[],
    batchId: string,
    by: Claimant,
  ): Promise<void> {
    for (let first = 0; first < objects.length; first += writesPerTransaction) {
      const some = objects.slice(first, first + writesPerTransaction);
      await this.#table.transact(
        some.map(({ size, ...object }) => arrivalWrite({ object, size }, batchId, by)),
      );
    }
  }

  /**
   * As `addListed` for an object that no event has claimed: its own event, should it come late, finds it claimed. Nothing happens
   * to one that is claimed.
   */
  async claimListed(arrival: Arrival, batchId: string, by: Claimant): Promise<void> {
    try {
      await this.#table.transact(claimedArrivalWrites(arrival, batchId, by));
    } catch (error) {
      if (!(error instanceof RegistryConflictError) || !error.failed.includes(0)) throw error;
    }
  }

  /** From here on the batch's content is fixed. @throws RegistryConflictError if it was before */
  async seal({ model, batchId }: BatchRecord): Promise<void> {
    await this.#table.update(
      {
        Key: keys.batch(model, batchId),
        UpdateExpression: 'SET #status = :closed',
        ConditionExpression: '#status = :collecting',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':closed': 'closed', ':collecting': 'collecting' },
      },
      batchRecordSchema,
    );
  }

  /** Closes the open batch if no arrival has joined after the caller's. @throws RegistryConflictError */
  async close(batchId: string, definition: Definition, by: Claimant): Promise<void> {
    await this.#table.transact([
      {
        Update: {
          Key: keys.batches(by.model),
          UpdateExpression: 'REMOVE openBatch, signedBy',
          ConditionExpression: 'openBatch = :batch AND signedBy = :me',
          ExpressionAttributeValues: { ':batch': batchId, ':me': by.executionArn },
        },
      },
      batchWrite(batchId, 'closed', { definition, folder: null }, by),
    ]);
  }

  /** For the transaction that settles a batch: it was not settled before. */
  settledWrite(
    { model, batchId }: Pick<BatchRecord, 'model' | 'batchId'>,
    status: 'committed' | 'unchanged' | 'superseded',
    validation: ObjectPin,
    datasetId: string | null,
  ): Write {
    return {
      Update: {
        Key: keys.batch(model, batchId),
        UpdateExpression: 'SET #status = :status, validation = :validation, datasetId = :dataset',
        ConditionExpression: '#status = :closed',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':status': status,
          ':closed': 'closed',
          ':validation': validation,
          ':dataset': datasetId,
        },
      },
    };
  }

  /** For the transaction that records a rejection: none was before. A batch of which files were accepted keeps its status. */
  rejectedWrite({ model, batchId, status }: BatchRecord, validation: ObjectPin, reportKey: string): Write {
    return {
      Update: {
        Key: keys.batch(model, batchId),
        UpdateExpression: 'SET #status = :next, validation = :validation, reportKey = :report',
        ConditionExpression: '#status = :status AND reportKey = :none',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':next': status === 'closed' ? 'rejected' : status,
          ':status': status,
          ':validation': validation,
          ':report': reportKey,
          ':none': null,
        },
      },
    };
  }

  /** Takes the next number. A failure afterwards leaves a gap, which does no harm. */
  async #nextBatch(model: string): Promise<string> {
    const { lastNumber } = await this.#table.update(
      {
        Key: keys.batches(model),
        UpdateExpression: 'ADD lastNumber :one',
        ExpressionAttributeValues: { ':one': 1 },
      },
      batchesRecordSchema,
    );
    return batchIdOf(lastNumber);
  }
}

/** One claim per key, whatever the version: it moves on to newer ones. */
export function keyDelivery({ bucket, key }: Pick<ObjectPin, 'bucket' | 'key'>): string {
  return `s3://${bucket}/${key}`;
}

function claimOf(delivery: string, { executionArn }: Pick<Claimant, 'executionArn'>): Claim {
  return { capability: 'ingest', delivery, owner: executionArn };
}

function claimKey(delivery: string) {
  return keys.claim(claimIdOf({ capability: 'ingest', delivery }));
}

function claimWrite({ object, sequencer }: Arrival, batchId: string, by: Claimant): Write {
  const record = claimRecord(claimOf(keyDelivery(object), by), by.now);
  const claim: ArrivalClaim = { ...record, versionId: object.versionId, sequencer, batchId };
  return {
    Put: {
      Item: { ...claimKey(record.delivery), ...claim },
      ConditionExpression: 'attribute_not_exists(pk) OR sequencer < :sequencer',
      ExpressionAttributeValues: { ':sequencer': sequencer },
    },
  };
}

/** The claim comes first: diagnosis of a failure relies on it. */
function claimedArrivalWrites(arrival: Arrival, batchId: string, by: Claimant): [Write, Write] {
  return [claimWrite(arrival, batchId, by), arrivalWrite(arrival, batchId, by)];
}

/** Signs the batch if it is the open one. */
function signature(model: string, batchId: string, executionArn: string) {
  return {
    Key: keys.batches(model),
    UpdateExpression: 'SET signedBy = :me',
    ConditionExpression: 'openBatch = :batch',
    ExpressionAttributeValues: { ':me': executionArn, ':batch': batchId },
  };
}

function arrivalWrite(
  { object, size }: Pick<Arrival, 'object' | 'size'>,
  batchId: string,
  { model, now }: Claimant,
): Write {
  const record: ArrivalRecord = {
    object,
    size,
    arrivedAt: now.toISOString(),
    expiresAt: epochSeconds(now) + arrivalMemorySeconds,
  };
  return { Put: { Item: { ...keys.arrival(model, batchId, object.key), ...record } } };
}

function batchWrite(
  batchId: string,
  status: 'collecting' | 'closed',
  { definition, folder }: NewBatch,
  { model, executionArn, now }: Claimant,
): Write {
  const record: BatchRecord = {
    model,
    batchId,
    definition,
    folder,
    closedBy: executionArn,
    closedAt: now.toISOString(),
    status,
    validation: null,
    datasetId: null,
    reportKey: null,
  };
  return {
    Put: {
      Item: { ...keys.batch(model, batchId), ...record },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
