import { InvariantError } from '@tidemark/domain/errors.ts';
import { domainEvent, eventIdOf } from '@tidemark/domain/events/domain-event.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { modelRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import {
  RegistryConflictError,
  type RegistryTable,
  type Write,
} from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connectRegistry, modelRecord, putModel, registryTableInput } from '../../support/registry.ts';
import { type Services, startServices } from '../../support/services.ts';

let services: Services;
let table: RegistryTable;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
});
afterAll(() => services.stop());

const at = (time: string) => new Date(`2026-03-01T${time}Z`);
const onboarded = (model: string, causeId: string, now: Date, message = 'Onboarded.') =>
  domainEvent('model.onboarded', { model, causeId, message, definitionHash: 'h', created: true }, now);
const counter = (model: string): Write => ({
  Update: {
    Key: keys.meta(model),
    UpdateExpression: 'ADD nextVersion :one',
    ExpressionAttributeValues: { ':one': 1 },
  },
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe('reading', () => {
  it('gives an item as it was written, nulls and nested values included', async () => {
    const record = modelRecord('reading', {
      lease: { owner: 'run-1', purpose: 'train', until: '2026-03-01T12:00:00.000Z' },
    });
    await putModel(table, record);

    expect(await table.get(keys.meta('reading'), modelRecordSchema)).toEqual(record);
  });

  it('gives nothing for an item that is not there', async () => {
    expect(await table.get(keys.meta('nobody'), modelRecordSchema)).toBeUndefined();
  });

  it('says which item is not what was written', async () => {
    await table.put({ Item: { ...keys.meta('broken'), model: 'broken' } });

    const reading = table.get(keys.meta('broken'), modelRecordSchema);

    await expect(reading).rejects.toThrow(InvariantError);
    await expect(reading).rejects.toThrow('MODEL#broken / META');
  });

  it('lists items in the order of their keys, over several pages, and only those of the prefix', async () => {
    const payload = 'x'.repeat(300_000);
    for (const number of [3, 10, 1, 2, 5]) {
      await table.put({ Item: { ...keys.version('paged', number), number, payload } });
    }
    await table.put({ Item: { ...keys.meta('paged'), number: 99 } });

    // 1.5 MB: a page has 1 MB at most.
    const listed = await collect(
      table.query(keys.modelPk('paged'), keys.versionPrefix, z.object({ number: z.number() })),
    );

    expect(listed.map(({ number }) => number)).toEqual([1, 2, 3, 5, 10]);
  });
});

describe('writing in a transaction', () => {
  const exists = (model: string): Write => ({
    ConditionCheck: { Key: keys.meta(model), ConditionExpression: 'attribute_exists(pk)' },
  });

  it('writes nothing if one condition fails, and says which', async () => {
    await putModel(table, modelRecord('whole'));

    const writing = table.transact([exists('whole'), exists('nobody'), counter('whole-other')]);

    await expect(writing).rejects.toMatchObject({ name: 'RegistryConflictError', failed: [1] });
    expect(await table.get(keys.meta('whole-other'), z.unknown())).toBeUndefined();
  });

  it('lets exactly one of many writers win a race for the same item', async () => {
    await putModel(table, modelRecord('raced'));
    const claimFirst: Write = {
      Update: {
        Key: keys.meta('raced'),
        UpdateExpression: 'SET nextVersion = :two',
        ConditionExpression: 'nextVersion = :one',
        ExpressionAttributeValues: { ':one': 1, ':two': 2 },
      },
    };

    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => table.transact([claimFirst])));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RegistryConflictError);
    }
  });

  it('updates one item under a condition and gives it back as it is afterwards', async () => {
    await putModel(table, modelRecord('single'));
    const input = {
      Key: keys.meta('single'),
      UpdateExpression: 'SET nextVersion = nextVersion + :one',
      ConditionExpression: 'nextVersion = :one',
      ExpressionAttributeValues: { ':one': 1 },
    };

    expect((await table.update(input, modelRecordSchema)).nextVersion).toBe(2);
    await expect(table.update(input, modelRecordSchema)).rejects.toThrow(RegistryConflictError);
  });
});

describe('committing a decision with its events', () => {
  const audit = (model: string) =>
    collect(
      table.query(
        keys.modelPk(model),
        keys.eventPrefix,
        z.object({ type: z.string(), detail: z.looseObject({ eventId: z.string() }) }),
      ),
    );
  const nextVersion = async (model: string) =>
    (await table.get(keys.meta(model), modelRecordSchema))?.nextVersion;

  it('records the events in the order of their time', async () => {
    await table.commit([], [onboarded('ordered', 'b', at('12:00:02'))]);
    await table.commit([], [onboarded('ordered', 'a', at('12:00:01'))]);

    const times = (await audit('ordered')).map(({ detail }) => detail.time);

    expect(times).toEqual(['2026-03-01T12:00:01.000Z', '2026-03-01T12:00:02.000Z']);
  });

  it('happens once: a retry with a later clock writes nothing and gives what was recorded', async () => {
    await putModel(table, modelRecord('once'));
    const first = onboarded('once', 'cause', at('12:00:00'), 'First.');
    const retried = onboarded('once', 'cause', at('12:00:09'), 'Decided otherwise meanwhile.');

    const committed = await table.commit([counter('once')], [first]);
    const repeated = await table.commit([counter('once')], [retried]);

    expect(committed).toEqual([first]);
    expect(repeated).toEqual([first]);
    expect(await audit('once')).toHaveLength(1);
    expect(await nextVersion('once')).toBe(2);
  });

  it('happens once under any number of concurrent retries', async () => {
    await putModel(table, modelRecord('stormed'));
    const attempts = Array.from({ length: 8 }, (_, index) =>
      table
        .commit([counter('stormed')], [onboarded('stormed', 'cause', at(`12:00:0${index}`))])
        // A clash in time with an attempt that has not ended: the state machine would retry.
        .catch((error) => (error instanceof RegistryConflictError ? 'retry' : Promise.reject(error))),
    );

    const outcomes = (await Promise.all(attempts)).filter((outcome) => outcome !== 'retry');

    expect(outcomes.length).toBeGreaterThan(0);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(await audit('stormed')).toHaveLength(1);
    expect(await nextVersion('stormed')).toBe(2);
  });

  it('refuses a decision whose condition fails, and records no event of it', async () => {
    const impossible: Write = {
      ConditionCheck: { Key: keys.meta('nobody'), ConditionExpression: 'attribute_exists(pk)' },
    };

    const committing = table.commit([impossible], [onboarded('refused', 'cause', at('12:00:00'))]);

    await expect(committing).rejects.toMatchObject({ name: 'RegistryConflictError', failed: [0] });
    expect(await audit('refused')).toEqual([]);
  });

  it('gives back all the events of a repeated decision', async () => {
    const events = (now: Date) => [
      domainEvent(
        'version.gated',
        { model: 'several', causeId: 'c', message: 'Passed.', version: 1, passed: true, failedGates: [] },
        now,
      ),
      domainEvent(
        'version.approved',
        { model: 'several', causeId: 'c', message: 'Approved.', version: 1, approvedBy: 'policy' },
        now,
      ),
    ];
    const first = events(at('12:00:00'));
    await table.commit([], first);

    expect(await table.commit([], events(at('12:01:00')))).toEqual(first);
  });

  it('can be found by what it would be called, before it is decided again', async () => {
    const event = onboarded('found', 'cause', at('12:00:00'));
    await table.commit([], [event]);

    expect(await table.recordedEvent('found', eventIdOf('model.onboarded', 'found', 'cause'))).toEqual(event);
    expect(
      await table.recordedEvent('found', eventIdOf('model.onboarded', 'found', 'other')),
    ).toBeUndefined();
  });
});
