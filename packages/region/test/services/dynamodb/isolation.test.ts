import {
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRegistry, type DynamoDbRegion, startDynamoDb } from './dynamodb-region.ts';

const TableName = 'registry';
let region: DynamoDbRegion;
let count = 0;

beforeAll(async () => {
  region = await startDynamoDb();
  await createRegistry(region);
});
afterAll(() => region.stop());

const newModel = () => {
  count += 1;
  return `MODEL#${count}`;
};
const get = async (pk: string, sk: string) =>
  (await region.documents.send(new GetCommand({ TableName, Key: { pk, sk } }))).Item;
const isCancelled = (error: unknown) =>
  error instanceof Error &&
  ['TransactionCanceledException', 'ConditionalCheckFailedException'].includes(error.name);

/** Reads a balance and writes it back changed, if nobody was faster; again until nobody is. */
async function transfer(pk: string, from: string, to: string, amount: number): Promise<void> {
  for (;;) {
    const [source, target] = [await get(pk, from), await get(pk, to)];
    const move = (sk: string, item: Record<string, unknown> | undefined, change: number) => ({
      Put: {
        TableName,
        Item: { pk, sk, balance: Number(item?.balance) + change },
        ConditionExpression: 'balance = :seen',
        ExpressionAttributeValues: { ':seen': item?.balance },
      },
    });
    try {
      const TransactItems = [move(from, source, -amount), move(to, target, amount)];
      await region.documents.send(new TransactWriteCommand({ TransactItems }));
      return;
    } catch (error) {
      if (!isCancelled(error)) throw error;
    }
  }
}

test('transfers between accounts, however they interleave, lose and make no money', async () => {
  const accounts = ['A', 'B', 'C'] as const;
  const aTransfer = fc.record({
    route: fc.shuffledSubarray([...accounts], { minLength: 2, maxLength: 2 }),
    amount: fc.integer({ min: 1, max: 100 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(aTransfer, { minLength: 2, maxLength: 5 }), async (transfers) => {
      const pk = newModel();
      for (const sk of accounts)
        await region.documents.send(new PutCommand({ TableName, Item: { pk, sk, balance: 1000 } }));

      await Promise.all(
        transfers.map(({ route: [from = 'A', to = 'B'], amount }) => transfer(pk, from, to, amount)),
      );

      const expected = (sk: string) =>
        transfers.reduce(
          (balance, { route: [from, to], amount }) =>
            balance - (from === sk ? amount : 0) + (to === sk ? amount : 0),
          1000,
        );
      for (const sk of accounts) expect(await get(pk, sk)).toMatchObject({ balance: expected(sk) });
    }),
    { numRuns: 10 },
  );
});

test('counters in transactions and outside of them count every increment', async () => {
  const increments = fc.array(fc.constantFrom('alone', 'in a transaction', 'twice in a transaction'), {
    minLength: 1,
    maxLength: 25,
  });
  const add = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 } };
  await fc.assert(
    fc.asyncProperty(increments, async (kinds) => {
      const pk = newModel();
      const update = (sk: string) => ({ TableName, Key: { pk, sk }, ...add });

      await Promise.all(
        kinds.map((kind) => {
          if (kind === 'alone') return region.documents.send(new UpdateCommand(update('X')));
          const sks = kind === 'in a transaction' ? ['X'] : ['X', 'Y'];
          return region.documents.send(
            new TransactWriteCommand({ TransactItems: sks.map((sk) => ({ Update: update(sk) })) }),
          );
        }),
      );

      const inY = kinds.filter((kind) => kind === 'twice in a transaction').length;
      expect(await get(pk, 'X')).toMatchObject({ n: kinds.length });
      expect((await get(pk, 'Y'))?.n ?? 0).toBe(inY);
    }),
    { numRuns: 10 },
  );
});

test('a reading transaction never sees a part of a writing one', async () => {
  const values = fc.array(fc.integer(), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(values, async (written) => {
      const pk = newModel();
      const read = async () => {
        const TransactItems = ['A', 'B'].map((sk) => ({ Get: { TableName, Key: { pk, sk } } }));
        const { Responses } = await region.documents.send(new TransactGetCommand({ TransactItems }));
        return Responses?.map(({ Item }) => Item?.value);
      };
      const writeBoth = (value: number) =>
        region.documents.send(
          new TransactWriteCommand({
            TransactItems: ['A', 'B'].map((sk) => ({ Put: { TableName, Item: { pk, sk, value } } })),
          }),
        );

      const seen = await Promise.all(written.flatMap((value) => [writeBoth(value).then(read), read()]));

      for (const [a, b] of seen as unknown[][]) expect(a).toBe(b);
    }),
    { numRuns: 10 },
  );
});

test('of several claims on one thing exactly one succeeds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 12 }), async (claimants) => {
      const pk = newModel();
      const claim = (isTransaction: boolean, owner: number) => {
        const Put = {
          TableName,
          Item: { pk, sk: 'CLAIM', owner },
          ConditionExpression: 'attribute_not_exists(pk)',
        };
        return isTransaction
          ? region.documents.send(new TransactWriteCommand({ TransactItems: [{ Put }] }))
          : region.documents.send(new PutCommand(Put));
      };

      const outcomes = await Promise.allSettled(claimants.map(claim));

      const winners = outcomes.flatMap(({ status }, owner) => (status === 'fulfilled' ? [owner] : []));
      expect(winners).toHaveLength(1);
      expect(await get(pk, 'CLAIM')).toMatchObject({ owner: winners[0] });
    }),
    { numRuns: 10 },
  );
});

test('a chain of conditional writes has one order: every revision was somebody’s', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 6 }), async (writers) => {
      const pk = newModel();
      await region.documents.send(
        new PutCommand({ TableName, Item: { pk, sk: 'META', revision: 0, log: [] } }),
      );
      const append = async (writer: number): Promise<void> => {
        const item = await get(pk, 'META');
        try {
          await region.documents.send(
            new UpdateCommand({
              TableName,
              Key: { pk, sk: 'META' },
              UpdateExpression: 'SET revision = revision + :one, #log = list_append(#log, :entry)',
              ConditionExpression: 'revision = :seen',
              ExpressionAttributeNames: { '#log': 'log' },
              ExpressionAttributeValues: { ':one': 1, ':seen': item?.revision, ':entry': [writer] },
            }),
          );
        } catch (error) {
          if (!isCancelled(error)) throw error;
          await append(writer);
        }
      };

      await Promise.all(Array.from({ length: writers }, (_, writer) => append(writer)));

      const { revision, log } = (await get(pk, 'META')) ?? {};
      expect(revision).toBe(writers);
      expect([...(log as number[])].sort((one, other) => one - other)).toEqual(
        Array.from({ length: writers }, (_, writer) => writer),
      );
    }),
    { numRuns: 10 },
  );
});
