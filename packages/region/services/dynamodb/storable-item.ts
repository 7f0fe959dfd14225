import type { Item, Table } from 'dynalite/db/index.js';
import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { Engine, StoreChange } from './engine.ts';
import { itemSchema } from './item.schema.ts';

/** What DynamoDB's quotas page gives: maps and lists in each other, digits of a number, bytes of an attribute's name. */
const deepestNesting = 32;
const mostDigits = 38;
const longestNameBytes = 65_535;

/** A write that DynamoDB refuses whatever the items are; in a transaction too, it is no reason for cancelling but the answer. */
export class UnstorableItemError extends AwsError {
  constructor(message: string) {
    super('ValidationException', message);
  }
}

/** @throws UnstorableItemError for what dynalite would store and DynamoDB does not. */
export async function assertStorable(
  engine: Engine,
  changes: readonly StoreChange[],
  operation: 'PutItem' | 'UpdateItem',
): Promise<void> {
  for (const change of changes) {
    const [, tableName] = /^item-([^~]+)~/.exec(change.key) ?? [];
    if (change.type === 'del' || tableName === undefined) continue;
    const item = itemSchema.parse(change.value);
    assertIndexKeys(item, await engine.table(tableName), operation);
    for (const value of Object.values(item)) assertValue(value, 0);
    assertNames(item);
  }
}

const indexesSchema = z
  .array(z.object({ IndexName: z.string(), KeySchema: z.array(z.object({ AttributeName: z.string() })) }))
  .default([]);

function assertIndexKeys(item: Item, table: Table, operation: 'PutItem' | 'UpdateItem'): void {
  const indexes = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].flatMap((member) =>
    indexesSchema.parse(table[member]),
  );
  for (const { IndexName, KeySchema } of indexes) {
    for (const { AttributeName } of KeySchema) {
      const value = item[AttributeName];
      if (value?.S !== '' && value?.B !== '') continue;
      throw new UnstorableItemError(
        operation === 'PutItem'
          ? `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${IndexName}, IndexKey: ${AttributeName}`
          : 'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
      );
    }
  }
}

const documentSchema = z.union([
  z.object({ M: itemSchema }).transform(({ M }) => Object.values(M)),
  z.object({ L: z.array(z.record(z.string(), z.unknown())) }).transform(({ L }) => L),
]);

function assertValue(value: Readonly<Record<string, unknown>>, depth: number): void {
  const numbers = value.N === undefined ? value.NS : [value.N];
  if (Array.isArray(numbers) && numbers.some((number) => digitsOf(String(number)) > mostDigits)) {
    throw new UnstorableItemError(
      `Attempting to store more than ${mostDigits} significant digits in a Number`,
    );
  }
  if (value.M === undefined && value.L === undefined) return;
  const document = documentSchema.safeParse(value);
  if (!document.success) return;
  if (depth >= deepestNesting) throw new UnstorableItemError('Nesting Levels have exceeded supported limits');
  for (const inner of document.data) assertValue(inner, depth + 1);
}

/** Significant digits: without sign, point, exponent, and zeros at either end. */
const digitsOf = (number: string): number =>
  number
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '').length;

function assertNames(item: Item): void {
  const long = Object.keys(item).some((name) => Buffer.byteLength(name) > longestNameBytes);
  if (long) throw new UnstorableItemError('Attribute name is too large, must be less than 65536 bytes');
}
