import * as z from 'zod';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Engine } from './engine.ts';
import { settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({ TableName: z.string() });

export function describeTimeToLive(engine: Engine): JsonOperation {
  return async (input) => {
    const { TableName } = parseInput('dynamodb:DescribeTimeToLive', inputSchema, input);
    return await engine.exclusively(async () => {
      await engine.table(TableName);
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
