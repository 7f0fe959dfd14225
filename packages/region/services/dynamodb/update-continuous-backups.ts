import * as z from 'zod';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import { continuousBackupsDescription } from './describe-continuous-backups.ts';
import type { Engine } from './engine.ts';
import { settingsChange, settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({
  TableName: z.string(),
  PointInTimeRecoverySpecification: z.strictObject({
    PointInTimeRecoveryEnabled: z.boolean(),
    RecoveryPeriodInDays: z.int().min(1).max(35).default(35),
  }),
});

/** Records the setting. No backup is made: there is no operation here that could restore one. */
export function updateContinuousBackups(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = parseInput('dynamodb:UpdateContinuousBackups', inputSchema, input);
    const { TableName, PointInTimeRecoverySpecification: specification } = parameters;
    return await engine.exclusively(async () => {
      await engine.table(TableName);
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
