import * as z from 'zod';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { backedUpTable, continuousBackupsDescription } from './describe-continuous-backups.ts';
import { parseDynamoDbInput, tableNameSchema } from './dynamodb-input.ts';
import type { Engine } from './engine.ts';
import { settingsChange, settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({
  TableName: tableNameSchema,
  PointInTimeRecoverySpecification: z.strictObject({
    PointInTimeRecoveryEnabled: z.boolean(),
    RecoveryPeriodInDays: z.int().min(1).max(35).default(35),
  }),
});

/** Records the setting. No backup is made: there is no operation here that could restore one. */
export function updateContinuousBackups(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = parseDynamoDbInput('UpdateContinuousBackups', inputSchema, input);
    const { TableName, PointInTimeRecoverySpecification: specification } = parameters;
    return await engine.exclusively(async () => {
      await backedUpTable(engine, TableName);
      const settings = {
        ...(await settingsOf(engine, TableName)),
        pointInTimeRecoveryDays: specification.PointInTimeRecoveryEnabled
          ? specification.RecoveryPeriodInDays
          : undefined,
      };
      await engine.apply([settingsChange(TableName, settings)]);
      return { ContinuousBackupsDescription: continuousBackupsDescription(settings) };
    });
  };
}
