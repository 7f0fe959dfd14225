import type { Table } from 'dynalite/db/index.js';
import * as z from 'zod';
import type { Engine, StoreChange } from './engine.ts';

const tagSchema = z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) });

const tableClass = z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']);

/** What DynamoDB keeps about a table and dynalite does not. */
const tableSettingsSchema = z.strictObject({
  deletionProtection: z.boolean().default(false),
  tableClass: tableClass.default('STANDARD'),
  /** As given to `SSESpecification`. Recorded and described; nothing on a laptop is encrypted by it. */
  encryption: z.strictObject({ keyArn: z.string().optional() }).optional(),
  tags: z.array(tagSchema).default([]),
  timeToLiveAttribute: z.string().optional(),
  pointInTimeRecoveryDays: z.number().optional(),
});
export type TableSettings = z.infer<typeof tableSettingsSchema>;

/** The parameters of CreateTable that become settings. */
export const settingsParametersSchema = z.strictObject({
  DeletionProtectionEnabled: z.boolean().optional(),
  TableClass: tableClass.optional(),
  SSESpecification: z
    .strictObject({
      Enabled: z.boolean().optional(),
      SSEType: z.literal('KMS').optional(),
      KMSMasterKeyId: z.string().optional(),
    })
    .optional(),
  Tags: z.array(tagSchema).max(50).optional(),
});

export const settingsPrefix = 'settings~';

export function settingsFrom(parameters: z.infer<typeof settingsParametersSchema>): TableSettings {
  const { SSESpecification: encryption } = parameters;
  return tableSettingsSchema.parse({
    deletionProtection: parameters.DeletionProtectionEnabled,
    tableClass: parameters.TableClass,
    encryption: encryption?.Enabled ? { keyArn: encryption.KMSMasterKeyId } : undefined,
    tags: parameters.Tags,
  });
}

/** The settings of a table; the defaults for one that has none recorded. */
export async function settingsOf(engine: Engine, tableName: string): Promise<TableSettings> {
  return tableSettingsSchema.parse((await engine.record(settingsPrefix + tableName)) ?? {});
}

export function settingsChange(tableName: string, settings: TableSettings): StoreChange {
  return { type: 'put', key: settingsPrefix + tableName, value: settings };
}

/** dynalite's description of a table with its settings added, as DescribeTable words them. */
export function describedTable(table: Table, settings: TableSettings): Record<string, unknown> {
  return {
    ...table,
    DeletionProtectionEnabled: settings.deletionProtection,
    TableClassSummary: { TableClass: settings.tableClass },
    ...(settings.encryption && {
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: settings.encryption.keyArn },
    }),
  };
}
