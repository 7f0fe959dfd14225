import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseDynamoDbInput, tableNameSchema } from './dynamodb-input.ts';
import type { Engine } from './engine.ts';
import { settingsOf, type TableSettings } from './table-settings.ts';

const inputSchema = z.strictObject({ TableName: tableNameSchema });

export function describeContinuousBackups(engine: Engine): JsonOperation {
  return async (input) => {
    const { TableName } = parseDynamoDbInput('DescribeContinuousBackups', inputSchema, input);
    return await engine.exclusively(async () => {
      await backedUpTable(engine, TableName);
      const settings = await settingsOf(engine, TableName);
      return { ContinuousBackupsDescription: continuousBackupsDescription(settings) };
    });
  };
}

/**
 * Backups have an error of their own for a table that is not there.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
 * @throws AwsError `TableNotFoundException`
 */
export async function backedUpTable(engine: Engine, name: string): Promise<void> {
  if (!(await engine.hasTable(name)))
    throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
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
