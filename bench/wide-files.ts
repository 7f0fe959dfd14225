import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import { columnsWithType } from '../functions/ingest/schema-rules.ts';
import { validateFile } from '../functions/ingest/validate-file.ts';
import { fitData, writeSplits } from '../functions/train/prepare-data.ts';
import { wideFormats, wideKinds, writeWideFile } from './wide-file.ts';

/**
 * Validates a file of many columns as `ingest` does and prepares it for training as `train` does, in this process alone, and prints
 * processor time and peak memory as JSON: `npx tsx bench/wide-files.ts --columns 1999 --kind number --format csv`. `--memory` is what
 * the function would have, 1,769 MB by default.
 */
const { values } = parseArgs({
  options: {
    columns: { type: 'string', default: '1999' },
    rows: { type: 'string', default: '1000' },
    kind: { type: 'string', default: 'mixed' },
    format: { type: 'string', default: 'csv' },
    memory: { type: 'string', default: '1769' },
  },
});
const kind = z.enum(wideKinds).parse(values.kind);
const format = z.enum(wideFormats).parse(values.format);
const [columns, rows] = [Number(values.columns), Number(values.rows)];
const definition = definitionSchema.parse({ name: 'wide', problem: 'binary', target: 'late' });

const directory = await mkdtemp(join(tmpdir(), 'wide-file-'));
const [file, part] = [join(directory, 'file'), join(directory, 'part.parquet')];
try {
  // Writing the file takes more than reading it.
  await Database.with(16_000, (database) => writeWideFile(database, file, { columns, rows, kind, format }), [
    directory,
  ]);
  const written = processorSeconds();
  const found = await Database.with(Number(values.memory), async (database) => {
    const path = database.path('original');
    await copyFile(file, path);
    const validated = await validateFile(database, path, definition, undefined);
    await copyFile(validated.part.path, part);
    return columnsWithType(validated.columns);
  });
  const validated = processorSeconds();
  await Database.with(Number(values.memory), async (database) => {
    const path = database.path('part-0.parquet');
    await copyFile(part, path);
    const local = { columns: found, partPaths: [path] };
    await writeSplits(database, local, (await fitData(database, definition, local)).encoding);
  });
  const seconds = (value: number) => Math.round(value * 10) / 10;
  const measured = {
    columns: found.length,
    rows,
    kind,
    format,
    validateSeconds: seconds(validated - written),
    prepareSeconds: seconds(processorSeconds() - validated),
    // Kilobytes, whatever Node's documentation of the platform says.
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
  };
  console.log(JSON.stringify(measured));
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Of this process so far. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
