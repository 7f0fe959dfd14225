import * as z from 'zod';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Engine } from './engine.ts';
import { settingsOf, type TableSettings } from './table-settings.ts';

const inputSchema = z.strictObject({ TableName: z.string() });

export function describeContinuousBackups(engine: Engine): JsonOperation {
  return async (input) => {
    const { TableName } = parseInput('dynamodb:DescribeContinuousBackups', inputSchema, input);
    return await engine.exclusively(async () => {
      await engine.table(TableName);
      const settings = await settingsOf(engine, TableName);
      return { ContinuousBackupsDescription: continuousBackupsDescription(settings) };
    });
  };
}

export function continuousBackupsDescription({ pointInTimeRecoveryDays: days }: TableSettings) {
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription:
      days === undefined
        ? { PointInTimeRecoveryStatus: 'DISABLED' }
        : { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: days },
  };
}
