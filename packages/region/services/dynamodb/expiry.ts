import type { Item, Table } from 'dynalite/db/index.js';
import type { Engine } from './engine.ts';
import { settingsOf, settingsPrefix } from './table-settings.ts';
import { checkedWrite, planWrite } from './write-plan.ts';

/** DynamoDB leaves items alone whose time is more than five years past: more likely a mistake than an expiry. */
const oldestExpirySeconds = 5 * 365 * 24 * 60 * 60;

/** Items deleted per turn, so that expiry does not hold up calls. */
const itemsPerTurn = 100;

/** Whether an item's TTL attribute, a number of seconds since 1970, has passed. */
export function hasExpired(item: Item, attribute: string, nowSeconds: number): boolean {
  const value = item[attribute]?.N;
  if (typeof value !== 'string') return false;
  const expiry = Number(value);
  return expiry <= nowSeconds && expiry > nowSeconds - oldestExpirySeconds;
}

/** Deletes what has expired in every table. Returns how many items. */
export async function deleteExpired(engine: Engine, nowSeconds: number): Promise<number> {
  let deleted = 0;
  for (const tableName of await tableNames(engine)) {
    for (;;) {
      const count = await engine.exclusively(() => deleteSome(engine, tableName, nowSeconds));
      deleted += count;
      if (count < itemsPerTurn) break;
    }
  }
  return deleted;
}

async function tableNames(engine: Engine): Promise<string[]> {
  const names: string[] = [];
  for await (const [key] of engine.records(settingsPrefix)) names.push(key.slice(settingsPrefix.length));
  return names;
}

async function deleteSome(engine: Engine, tableName: string, nowSeconds: number): Promise<number> {
  const { timeToLiveAttribute } = await settingsOf(engine, tableName);
  if (timeToLiveAttribute === undefined) return 0;
  const table = await engine.table(tableName);
  let count = 0;
  for await (const item of engine.items(tableName)) {
    if (!hasExpired(item, timeToLiveAttribute, nowSeconds)) continue;
    const deletion = checkedWrite(engine, 'DeleteItem', { TableName: tableName, Key: keyOf(item, table) });
    await engine.apply((await planWrite(engine, deletion)).changes);
    count += 1;
    if (count === itemsPerTurn) break;
  }
  return count;
}

function keyOf(item: Item, table: Table): Item {
  const attributes = table.KeySchema.map(({ AttributeName }) => AttributeName);
  return Object.fromEntries(Object.entries(item).filter(([name]) => attributes.includes(name)));
}
