import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { type WideKind, wideFormats, wideKinds, writeWideFile } from '../../bench/wide-file.ts';
import { columnsWithType } from '../../functions/ingest/schema-rules.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import { fitData, writeSplits } from '../../functions/train/prepare-data.ts';
import { isFull } from '../support/long-size.ts';

/** Of the functions that validate and prepare. */
const memoryMegabytes = 1769;
const rows = 300;
const definition = definitionSchema.parse({ name: 'wide', problem: 'binary', target: 'late' });

const typesOf: Readonly<Record<WideKind, readonly string[]>> = {
  number: ['number'],
  integer: ['integer'],
  boolean: ['boolean'],
  timestamp: ['timestamp'],
  string: ['string'],
  mixed: ['number', 'integer', 'boolean', 'timestamp', 'string'],
};

describe('a file of many columns is validated and prepared within the functions’ memory', () => {
  const cases = wideFormats.flatMap((format) => wideKinds.map((kind) => ({ format, kind, columns: 100 })));
  const wider = wideFormats.map((format) => ({ format, kind: 'mixed' as const, columns: 500 }));
  const widest = { format: 'csv', kind: 'mixed', columns: 1999 } as const;
  const full = wideFormats.flatMap((format) =>
    wideKinds.flatMap((kind) => [500, 1999].map((columns) => ({ format, kind, columns }))),
  );

  it.each([...cases, ...(isFull ? full : [...wider, widest])])(
    '$columns columns, $kind, $format',
    async ({ format, kind, columns }) => {
      await Database.with(memoryMegabytes, async (database) => {
        const path = database.path('wide-file');
        // Writing the file takes more memory than reading it.
        await Database.with(16_000, (other) => writeWideFile(other, path, { columns, rows, kind, format }), [
          database.directory,
        ]);

        const { columns: found, part } = await validateFile(database, path, definition, undefined);

        expect(part.rows).toBe(rows);
        expect(found).toHaveLength(columns + 1);
        expect([...new Set(found.slice(1).map(({ type }) => type))]).toEqual(typesOf[kind]);

        const local = { columns: columnsWithType(found), partPaths: [part.path] };
        const fitted = await fitData(database, definition, local);
        const files = await writeSplits(database, local, fitted.encoding);
        expect(files.bytes).toBeGreaterThan(0);
      });
    },
  );
});
