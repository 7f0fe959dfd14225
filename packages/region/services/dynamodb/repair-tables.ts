import * as z from 'zod';
import { removeTable } from './delete-table.ts';
import type { Engine } from './engine.ts';

const tableSchema = z.looseObject({
  TableName: z.string(),
  TableStatus: z.string(),
  GlobalSecondaryIndexes: z.array(z.looseObject({})).optional(),
});

/** Finishes what a stop interrupted: tables still being created become active, those being deleted are deleted. */
export async function repairTables(engine: Engine): Promise<void> {
  await engine.exclusively(async () => {
    for await (const [key, value] of engine.records('table~')) {
      const table = tableSchema.parse(value);
      if (table.TableStatus === 'CREATING') {
        const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
        const active = {
          ...table,
          TableStatus: 'ACTIVE',
          ...(indexes && { GlobalSecondaryIndexes: indexes }),
        };
        await engine.apply([{ type: 'put', key, value: active }]);
      }
      if (table.TableStatus === 'DELETING')
        await removeTable(engine, table.TableName, { TableName: table.TableName });
    }
  });
}
