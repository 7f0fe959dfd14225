import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseDynamoDbInput, tableNameSchema } from './dynamodb-input.ts';
import type { Engine } from './engine.ts';
import { settingsChange, settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({
  TableName: tableNameSchema,
  TimeToLiveSpecification: z.strictObject({
    AttributeName: z.string().min(1).max(255),
    Enabled: z.boolean(),
  }),
});

export function updateTimeToLive(engine: Engine): JsonOperation {
  return async (input) => {
    const { TableName, TimeToLiveSpecification } = parseDynamoDbInput('UpdateTimeToLive', inputSchema, input);
    const { AttributeName, Enabled } = TimeToLiveSpecification;
    return await engine.exclusively(async () => {
      await engine.namedTable(TableName);
      const settings = await settingsOf(engine, TableName);
      const isEnabled = settings.timeToLiveAttribute !== undefined;
      if (isEnabled === Enabled)
        throw new AwsError(
          'ValidationException',
          `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`,
        );
      if (!Enabled && settings.timeToLiveAttribute !== AttributeName)
        throw new AwsError('ValidationException', 'TimeToLive is active on a different AttributeName');
      await engine.apply([
        settingsChange(TableName, { ...settings, timeToLiveAttribute: Enabled ? AttributeName : undefined }),
      ]);
      return { TimeToLiveSpecification };
    });
  };
}
