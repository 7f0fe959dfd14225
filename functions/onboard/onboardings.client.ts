import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { UnplacedFinding } from '@tidemark/domain/definition/definition-finding.ts';
import { type DomainEvent, eventIdOf } from '@tidemark/domain/events/domain-event.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { leaseUnchanged } from '@tidemark/domain/registry/leases.client.ts';
import type { ModelIndexRecord, ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable, Write } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import type { OnboardingDecision } from './decide-onboarding.ts';
import { changeOfUse, type FleetLimits, fleetFindings, limitOf, useOf } from './fleet-use.ts';
import { registrationEvents } from './onboard-events.ts';

const noLimits: FleetLimits = {
  serverlessEndpoints: Number.MAX_SAFE_INTEGER,
  serverlessMaxConcurrency: Number.MAX_SAFE_INTEGER,
  instances: {},
};

/** `FLEET` / `FLEET`: sums by name; the item's keys are left out. */
const fleetSchema = z
  .record(z.string(), z.unknown())
  .transform((item) =>
    Object.fromEntries(
      Object.entries(item).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
    ),
  );

/** A definition and the version of the file that it was read from. */
export interface ReadDefinition {
  readonly definition: Definition;
  readonly hash: string;
  readonly object: ObjectPin;
  readonly sequencer: string;
}

/**
 * What onboarding writes: only what is the definition's. Versions, datasets and the lease are other capabilities', and an
 * update leaves them alone.
 */
export class Onboardings {
  readonly #table: RegistryTable;
  readonly #limits: FleetLimits;

  /** @param limits for registering definitions: what their endpoints may need together */
  constructor(table: RegistryTable, limits: FleetLimits = noLimits) {
    this.#table = table;
    this.#limits = limits;
  }

  /**
   * Why the endpoints of all models together would need more than the account has, if that is why a registration did not go through.
   * @param former the definition that is replaced
   */
  async shortage(read: ReadDefinition, former: Definition | undefined): Promise<readonly UnplacedFinding[]> {
    const used = (await this.#table.get(keys.fleet, fleetSchema)) ?? {};
    return fleetFindings(used, changeOfUse(useOf(former), useOf(read.definition)), this.#limits);
  }

  /** What was announced when this cause registered a definition of the model; `undefined`: it has not. */
  async registrationEvent(model: string, causeId: string): Promise<DomainEvent | undefined> {
    for (const type of registrationEvents) {
      const recorded = await this.#table.recordedEvent(model, eventIdOf(type, model, causeId));
      if (recorded) return recorded;
    }
    return undefined;
  }

  /** A new model. @throws RegistryConflictError when it exists meanwhile */
  create(read: ReadDefinition, event: DomainEvent, now: Date): Promise<readonly DomainEvent[]> {
    const model = read.definition.name;
    const time = now.toISOString();
    const record: ModelRecord = {
      model,
      definition: read.definition,
      definitionHash: read.hash,
      definitionObject: read.object,
      definitionSequencer: read.sequencer,
      onboardedAt: time,
      updatedAt: time,
      nextVersion: 1,
      latestDatasetId: null,
      liveVersion: null,
      lease: null,
    };
    const index: ModelIndexRecord = { model, onboardedAt: time };
    return this.#table.commit(
      [
        {
          Put: {
            Item: { ...keys.meta(model), ...record },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        { Put: { Item: { ...keys.modelIndex(model), ...index } } },
        ...this.#fleetWrites(undefined, read.definition),
      ],
      [event],
    );
  }

  /**
   * A new definition of a model, if the record is as it was read: the same former definition; when the new one changes the lifecycle,
   * which is announced with the live version, that version; and when it predicts something else, still no version that relies on the
   * model. @throws RegistryConflictError
   */
  update(
    { seen, meansOtherwise, transition }: Omit<Extract<OnboardingDecision, { kind: 'update' }>, 'kind'>,
    read: ReadDefinition,
    event: DomainEvent,
    now: Date,
  ): Promise<readonly DomainEvent[]> {
    const place = placeOf(seen, read);
    const unused = meansOtherwise ? unusedStill(seen) : { conditions: [], names: {}, values: {} };
    const live = transition === 'none' ? { conditions: [], values: {} } : liveStill(seen);
    const write: Write = {
      Update: {
        Key: keys.meta(seen.model),
        UpdateExpression: `SET ${place.assignments}, #definition = :definition, definitionHash = :hash, updatedAt = :now`,
        ConditionExpression: [place.condition, ...unused.conditions, ...live.conditions].join(' AND '),
        ExpressionAttributeNames: { '#definition': 'definition', ...unused.names },
        ExpressionAttributeValues: {
          ...place.values,
          ...unused.values,
          ...live.values,
          ':definition': read.definition,
          ':hash': read.hash,
          ':now': now.toISOString(),
        },
      },
    };
    return this.#table.commit([write, ...this.#fleetWrites(seen.definition, read.definition)], [event]);
  }

  /** Adds up what endpoints need, in the transaction that changes it; holds only while that is within the limits. */
  #fleetWrites(before: Definition | undefined, after: Definition): Write[] {
    const changes = Object.entries(changeOfUse(useOf(before), useOf(after)));
    if (changes.length === 0) return [];
    const limited = changes.flatMap(([name, change], index) => {
      const limit = limitOf(name, this.#limits);
      return change > 0 && limit !== undefined ? [{ index, room: limit - change }] : [];
    });
    // A sum that is not there yet is 0, which is too much where there is no room at all.
    const conditions = limited.map(({ index, room }) => {
      const fits = `#n${index} <= :room${index}`;
      return room < 0 ? fits : `(attribute_not_exists(#n${index}) OR ${fits})`;
    });
    return [
      {
        Update: {
          Key: keys.fleet,
          UpdateExpression: `ADD ${changes.map((_, index) => `#n${index} :c${index}`).join(', ')}`,
          ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
          ExpressionAttributeNames: Object.fromEntries(changes.map(([name], index) => [`#n${index}`, name])),
          ExpressionAttributeValues: Object.fromEntries([
            ...changes.map(([, change], index) => [`:c${index}`, change] as const),
            ...limited.map(({ index, room }) => [`:room${index}`, room] as const),
          ]),
        },
      },
    ];
  }

  /**
   * For a newer version of the file with the same definition: nothing changes but that older versions, announced late, no
   * longer count. @throws RegistryConflictError
   */
  keepPlace(seen: ModelRecord, read: ReadDefinition): Promise<void> {
    const place = placeOf(seen, read);
    return this.#table.transact([
      {
        Update: {
          Key: keys.meta(seen.model),
          UpdateExpression: `SET ${place.assignments}`,
          ConditionExpression: place.condition,
          ExpressionAttributeValues: place.values,
        },
      },
    ]);
  }

  /** Records that alarms and schedules are as the definition asks. @throws RegistryConflictError when it has changed since */
  monitored(model: string, definitionHash: string, now: Date): Promise<void> {
    return this.#table.transact([
      {
        Update: {
          Key: keys.meta(model),
          UpdateExpression: 'SET monitored = :monitored',
          ConditionExpression: 'definitionHash = :hash',
          ExpressionAttributeValues: {
            ':monitored': { definitionHash, at: now.toISOString() },
            ':hash': definitionHash,
          },
        },
      },
    ]);
  }
}

/** Moves the record's place in the order of the file's versions, if it is still where it was seen. */
function placeOf(seen: ModelRecord, read: ReadDefinition) {
  return {
    assignments: 'definitionObject = :object, definitionSequencer = :sequencer',
    condition: 'definitionSequencer = :seenSequencer',
    values: {
      ':object': read.object,
      ':sequencer': read.sequencer,
      ':seenSequencer': seen.definitionSequencer,
    },
  };
}

function liveStill({ liveVersion }: ModelRecord) {
  return { conditions: ['liveVersion = :seenLive'], values: { ':seenLive': liveVersion } };
}

function unusedStill({ lease }: ModelRecord) {
  const unchanged = leaseUnchanged(lease);
  return {
    conditions: [
      'liveVersion = :noVersion',
      '(attribute_not_exists(restoreVersion) OR restoreVersion = :noVersion)',
      unchanged.condition,
    ],
    names: unchanged.names,
    values: { ...unchanged.values, ':noVersion': null },
  };
}
