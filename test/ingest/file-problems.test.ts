import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type Definition, definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { fileFailureOf } from '../../functions/ingest/file-failure.ts';
import { TargetTally, targetFindings } from '../../functions/ingest/target-values.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import { parquet } from './parquet.ts';

function definitionOf(more: Readonly<Record<string, unknown>> = {}): Definition {
  return definitionSchema.parse({ name: 'flights', problem: 'binary', target: 'late', ...more });
}

/** What a file's owner is told of it, without what operators need not hear of. */
function problemsOf(body: string | Buffer, definition = definitionOf()) {
  return Database.with(512, async (database) => {
    const path = database.path('original');
    await writeFile(path, body);
    try {
      await validateFile(database, path, definition, undefined);
      return [];
    } catch (error) {
      const failure = fileFailureOf(error);
      expect(failure).toMatchObject({ unforeseen: null });
      return failure?.problems ?? [];
    }
  });
}

/** Of pyarrow: `z` is DECIMAL(40, 2) with 1 and -2, `late` a truth value. DuckDB cannot write such a column. */
const longDecimals = Buffer.from(
  'UEFSMRUAFVAVUCwVBBUAFQYVBhwAAAACAAAABAEAAAAAAAAAAAAAAAAAAAAAZP////////////////////84FQAVDhUOLBUEFQAVBhUGHAAAAA' +
    'IAAAAEAQEVBBk8NQAYBnNjaGVtYRUEABUOFSIVAhgBeiUKFQQVUCxcFQQVUAAAABUAJQIYBGxhdGUAFgQZHBksJgAcFQ4ZJQYAGRgBehUAFgQW' +
    'dhZ2JghJHBUAFQAVAgA8KQYZJgAEAAAAJgAcFQAZJQYAGRgEbGF0ZRUAFgQWNBY0Jn5JHBUAFQAVAgA8KQYZJgAEAAAAFqoBFgQmCBaqAQAoIH' +
    'BhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAxwAAAFBBUjE=',
  'base64',
);

describe('a file is rejected with the reason and what to do', () => {
  const rows = Array.from({ length: 40 }, (_, row) => `{"x": ${row}, "late": ${row % 2 === 0}}`);
  const csv = `x,late\n${rows.map((_, row) => `${row},${row % 2 === 0}`).join('\n')}\n`;

  it.each([
    ['CSV within gzip within gzip', gzipSync(gzipSync(csv)), 'file-format', /holds another gzip file/],
    [
      'a title above the names',
      `Report of flights\n\n${csv}`,
      'csv-header',
      /first 2 lines do not name.*line 3 is the first/,
    ],
    ['a remark above the names', `# exported\n${csv}`, 'csv-header', /first 1 line does not name/],
    ['sep=; above names with commas', `sep=;\n${csv}`, 'csv-delimiter', /Line 1 says that `;` separates/],
    [
      'remarks above JSON Lines',
      `// made by hand\n${rows.join('\n')}\n`,
      'json-lines',
      /line 1 is not one JSON object/,
    ],
    ['rows within one object', `{"data": [${rows.join(',')}]}`, 'json-nested', /The file is one object/],
    [
      'DECIMAL of more digits than are read',
      longDecimals,
      'parquet-type',
      /`z` is DECIMAL of more than 38 digits/,
    ],
    [
      'forty lines whose quotes are broken',
      csv.replaceAll(/^(\d+),/gm, '"$1" "x",'),
      'csv-quotes',
      /^40 lines with a quote/,
    ],
  ])('%s', async (_, body, check, says) => {
    const [problem, ...others] = await problemsOf(body);

    expect(others).toEqual([]);
    expect(problem).toMatchObject({ check });
    expect(problem?.what).toMatch(says);
  });

  it('Parquet within gzip', async () => {
    const [problem] = await problemsOf(gzipSync(await parquet('SELECT 1 AS x, true AS late')));

    expect(problem).toMatchObject({ check: 'file-format', remedy: 'Drop the Parquet file itself.' });
  });

  it.each(['inf', '-inf', '1e39'])('%s as a weight, by its row', async (weight) => {
    const body = csv
      .replaceAll(/(true|false)$/gm, '$1,1')
      .replace('x,late', 'x,late,w')
      .replace('7,false,1', `7,false,${weight}`);

    const problems = await problemsOf(body, definitionOf({ weight: 'w' }));

    expect(problems[0]).toMatchObject({
      check: 'infinite-values',
      examples: [{ where: 'row 8', text: weight }],
    });
  });
});

describe('a binary target', () => {
  const found = (values: Readonly<Record<string, number>>, target: Definition['target']) => {
    const tally = new TargetTally();
    const counted = Object.entries(values).map(([value, rows]) => ({ value, rows }));
    const yes = 'positive' in target ? (values[target.positive] ?? 0) : null;
    const rows = counted.reduce((sum, each) => sum + each.rows, 0);
    tally.add({
      target: { distinct: counted.length, values: counted, positive: yes },
      part: { rows },
    } as never);
    return targetFindings({ problem: 'binary', target }, tally.merged(), undefined);
  };

  it.each(['Yes', ' yes', 'YES ', 'ye\u0301s', 'yes\u200b'])(
    'does not count %j as no where `yes` counts as yes',
    (twin) => {
      const positive = twin.normalize('NFC').startsWith('y\u00e9') ? 'y\u00e9s' : 'yes';

      const problems = found({ [positive]: 40, [twin]: 40, no: 40 }, { column: 'late', positive });

      expect(problems).toMatchObject([
        { check: 'target-spelling', shown: expect.stringMatching(/^Look at `/) },
      ]);
      expect(problems[0]?.what).not.toContain(twin);
    },
  );

  it('may have more values than the one that counts as yes', () => {
    expect(found({ yes: 40, no: 40, maybe: 3 }, { column: 'late', positive: 'yes' })).toEqual([]);
  });

  it.each(['None', 'unknown', 'N/A', '?'])('of three values is told to look at %j', (stray) => {
    const [problem] = found({ yes: 60, no: 57, [stray]: 3 }, { column: 'late' });

    expect(problem).toMatchObject({ check: 'too-many-classes', shown: expect.stringContaining(stray) });
    expect(problem?.what).toBe('The target `late` has 3 different values.');
  });
});
