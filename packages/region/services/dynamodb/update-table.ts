import * as z from 'zod';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Engine } from './engine.ts';
import { describedTable, settingsChange, settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({ TableName: z.string(), DeletionProtectionEnabled: z.boolean() });

/** Changes deletion protection. Throughput means nothing here, and indexes are made with their table. */
export function updateTable(engine: Engine): JsonOperation {
  return async (input) => {
    const { TableName, DeletionProtectionEnabled } = parseInput('dynamodb:UpdateTable', inputSchema, input);
    return await engine.exclusively(async () => {
      const table = await engine.table(TableName);
      const settings = {
        ...(await settingsOf(engine, TableName)),
        deletionProtection: DeletionProtectionEnabled,
      };
      await engine.apply([settingsChange(TableName, settings)]);
      return { TableDescription: describedTable(table, settings) };
    });
  };
}
