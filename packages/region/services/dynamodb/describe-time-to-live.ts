import * as z from 'zod';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseDynamoDbInput, tableNameSchema } from './dynamodb-input.ts';
import type { Engine } from './engine.ts';
import { settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({ TableName: tableNameSchema });

export function describeTimeToLive(engine: Engine): JsonOperation {
  return async (input) => {
    const { TableName } = parseDynamoDbInput('DescribeTimeToLive', inputSchema, input);
    return await engine.exclusively(async () => {
      await engine.namedTable(TableName);
      const { timeToLiveAttribute } = await settingsOf(engine, TableName);
      return {
        TimeToLiveDescription:
          timeToLiveAttribute === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLiveAttribute },
      };
    });
  };
}
