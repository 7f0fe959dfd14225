import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { validateFile } from '../functions/ingest/validate-file.ts';

/**
 * Validates a CSV file of any size as `ingest` does, in this process alone, and prints the time and the peak memory as JSON:
 * `npx tsx bench/large-file.ts --megabytes 1000`. `--memory` is what the function would have, 1,769 MB by default.
 */
const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '1000' }, memory: { type: 'string', default: '1769' } },
});

const definition = definitionSchema.parse({
  name: 'large-file',
  problem: 'binary',
  target: { column: 'delay', above: 15 },
});

const directory = await mkdtemp(join(tmpdir(), 'large-file-'));
try {
  const path = join(directory, 'large.csv');
  await pipeline(Readable.from(lines(Number(values.megabytes) * 1e6)), createWriteStream(path));
  const { size } = await stat(path);
  const started = performance.now();
  const { part } = await Database.with(
    Number(values.memory),
    (database) => validateFile(database, path, definition, undefined),
    [directory],
  );
  const measured = {
    fileMegabytes: Math.round(size / 1e6),
    rows: part.rows,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    // Kilobytes, whatever Node's documentation of the platform says.
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
  };
  console.log(JSON.stringify(measured));
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Rows of every type, none like another, in pieces of some 64 KB. */
function* lines(bytes: number): Generator<string> {
  let piece = 'id,date,delay,distance,origin,note,ratio\n';
  let written = 0;
  for (let row = 0; written < bytes; row += 1) {
    // A multiplication by an odd number spreads consecutive numbers over all 32 bits.
    const noise = Math.imul(row, 0x9e3779b1) >>> 0;
    const day = String(1 + (noise % 28)).padStart(2, '0');
    piece += `${row},2026-03-${day} 10:00:00,${(noise % 90) - 20},${noise % 3000},A${noise % 300},note ${noise.toString(36)},${noise / 7}\n`;
    if (piece.length < 65_536) continue;
    written += piece.length;
    yield piece;
    piece = '';
  }
}
