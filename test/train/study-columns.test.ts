import { type Definition, definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { type Column, columnTypeSchema } from '@tidemark/statistics/tables/column.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal, sqlTypes } from '@tidemark/statistics/tables/sql.ts';
import { describe, expect, it } from 'vitest';
import { fitData } from '../../functions/train/prepare-data.ts';

/** A column of 3,000 rows, numbered `i` from 0, as SQL. */
interface Made {
  readonly name: string;
  readonly type: Column['type'];
  readonly sql: string;
}

/** A number from 0 to 1 that depends on the row and a name alone. */
const chance = (of: string) => `((hash(i, ${literal(of)}) % 100000) / 100000.0)`;

const targets = {
  binary: { name: 'y', type: 'string', sql: `CASE WHEN i % 3 = 0 THEN 'yes' ELSE 'no' END` },
  multiclass: { name: 'y', type: 'string', sql: `['a', 'b', 'c'][i % 3 + 1]` },
  regression: { name: 'y', type: 'number', sql: `(i % 3) * 100 + ${chance('y')}` },
} as const satisfies Record<Definition['problem'], Made>;

const noise: Made = { name: 'noise', type: 'number', sql: chance('noise') };

async function study(problem: Definition['problem'], made: readonly Made[], more: object = {}) {
  return Database.with(1769, async (database) => {
    const columns = [targets[problem], noise, ...made];
    const path = database.path('part.parquet');
    const fields = columns.map(({ name, type, sql }) => `(${sql})::${sqlTypes[type]} AS "${name}"`);
    const side = `CASE WHEN ${chance('side')} < 0.7 THEN 'train' WHEN ${chance('side')} < 0.85 THEN 'validation' ELSE 'holdout' END`;
    await database.writeParquet(
      `SELECT ${fields.join(', ')}, ${side} AS _split, i::UBIGINT AS _row FROM range(3000) t(i)`,
      path,
    );
    const definition = definitionSchema.parse({ name: 'any', problem, target: 'y', ...more });
    return fitData(database, definition, {
      columns: columns.map(({ name, type }) => ({ name, type })),
      partPaths: [path],
    });
  });
}

const values: Record<Column['type'], string> = {
  integer: `floor(${chance('value')} * 50)`,
  number: chance('value'),
  boolean: `${chance('value')} < 0.5`,
  string: `['red', 'green', 'blue'][floor(${chance('value')} * 3)::INT + 1]`,
  timestamp: `TIMESTAMP '2026-01-01' + to_hours(floor(${chance('value')} * 8000)::INT)`,
};

describe('a column that has a value', () => {
  const present = {
    'only in one class': 'i % 3 = 0',
    'in some rows of one class only': `i % 3 = 0 AND ${chance('some')} < 0.3`,
    'but in one class': 'i % 3 <> 0',
    'but in some rows of one class': `i % 3 <> 0 OR ${chance('some')} < 0.5`,
  };
  const atRandom = { 'at random': `${chance('some')} < 0.6`, 'in every row': 'true' };
  const problems = ['binary', 'multiclass', 'regression'] as const;
  const types = columnTypeSchema.options;
  const columnsOf = (where: Record<string, string>): Made[] =>
    types.flatMap((type) =>
      Object.entries(where).map(([name, condition]) => ({
        name: `${type} ${name}`,
        type,
        sql: `CASE WHEN ${condition} THEN ${values[type]} END`,
      })),
    );
  const warnedOf = (found: Awaited<ReturnType<typeof study>>) =>
    found.findings.filter(({ code }) => code === 'leak-by-missingness').map(({ column }) => column);

  it.each(problems)(
    'in one class alone, or not in one, is warned of, whatever its type: %s',
    async (problem) => {
      const columns = columnsOf(present);

      const found = await study(problem, columns);

      expect(warnedOf(found).toSorted()).toEqual(columns.map(({ name }) => name).toSorted());
    },
  );

  it.each(problems)('at random or always is not: %s', async (problem) => {
    const found = await study(problem, columnsOf(atRandom));

    expect(found.findings).toEqual([]);
  });

  it('is told of with the class, which no announcement has', async () => {
    const { findings } = await study('binary', [
      { name: 'code', type: 'string', sql: `CASE WHEN i % 3 = 0 THEN ${values.string} END` },
    ]);

    const [finding] = findings;
    expect(finding?.sentence).toMatch(
      /^`code` has a value only where `y` is `yes` \(\d+ training rows\)\. .*`features\.exclude: \[code\]`/,
    );
    expect(finding?.announcement).toMatch(
      /^`code` has a value only in one class of `y` \(\d+ training rows\)\./,
    );
  });

  it('is told of though the model does not read it', async () => {
    const { findings, encoding } = await study('binary', [
      { name: 'reason', type: 'string', sql: `CASE WHEN i % 3 = 0 THEN 'case ' || i || ' of many' END` },
    ]);

    expect(encoding.features.map(({ column }) => column)).not.toContain('reason');
    expect(findings.map(({ code }) => code)).toEqual(['leak-by-missingness', 'free-text']);
    expect(findings[0]?.sentence).toContain('The model does not use it.');
  });
});

describe('a time', () => {
  it('whose values lie apart in the classes is warned of', async () => {
    const { findings } = await study('binary', [
      {
        name: 'ended',
        type: 'timestamp',
        sql: `TIMESTAMP '2026-01-01' + to_hours((CASE WHEN i % 3 = 0 THEN 9000 ELSE 0 END + i % 2000)::INT)`,
      },
    ]);

    expect(findings).toMatchObject([{ column: 'ended', code: 'leak', used: true }]);
  });
});

describe('whole numbers that count rows', () => {
  const ids: Made[] = [
    { name: 'dense', type: 'integer', sql: '100000 + i' },
    { name: 'shuffled', type: 'integer', sql: '(i * 1009) % 3001' },
    { name: 'sparse', type: 'integer', sql: `i * 1000000 + floor(${chance('gap')} * 900000)` },
    { name: 'floats', type: 'number', sql: `CASE WHEN ${chance('some')} < 0.9 THEN 5 + i END` },
  ];
  const kept: Made[] = [
    { name: 'cents', type: 'integer', sql: `floor(100000000 * ${chance('a')} * ${chance('b')})` },
    { name: 'year', type: 'integer', sql: '1990 + i % 30' },
    { name: 'amount', type: 'number', sql: `round(1000 * ${chance('c')}, 2)` },
  ];

  it('are left out with a note, and amounts and years are not', async () => {
    const { findings, encoding } = await study('binary', [...ids, ...kept]);

    expect(findings.map(({ column, code, level }) => [column, code, level])).toEqual(
      ids.map(({ name }) => [name, 'identifier', 'note']),
    );
    expect(encoding.features.map(({ column }) => column)).toEqual(['noise', 'cents', 'year', 'amount']);
  });

  it('that are scattered over the file are found by their order in time', async () => {
    const { findings } = await study(
      'binary',
      [
        {
          name: 'at',
          type: 'timestamp',
          sql: `TIMESTAMP '2026-01-01' + to_minutes(((i * 1009) % 3001)::INT)`,
        },
        { name: 'id', type: 'integer', sql: '((i * 1009) % 3001) * 1000000 + 5' },
      ],
      { time: 'at' },
    );

    expect(findings).toMatchObject([{ column: 'id', code: 'identifier' }]);
  });

  it('are kept where the definition includes them', async () => {
    const { encoding } = await study('binary', ids, { features: { include: ['dense', 'noise'] } });

    expect(encoding.encodedColumns).toEqual(['noise', 'dense']);
  });
});

describe('the columns of a dataset', () => {
  it('are each the target, read by the model, or named with the reason', async () => {
    const columns: Made[] = [
      { name: 'constant', type: 'number', sql: '0.4149' },
      { name: 'empty', type: 'string', sql: 'NULL' },
      { name: 'id', type: 'integer', sql: 'i' },
      { name: 'key', type: 'string', sql: `'K-' || i` },
      { name: 'text', type: 'string', sql: `'the text of row ' || i` },
      { name: 'region', type: 'string', sql: values.string },
    ];

    const { findings, encoding } = await study('binary', columns, {
      segments: ['region'],
      features: { exclude: ['region'] },
    });

    const read = encoding.features.map(({ column }) => column);
    const named = findings.filter(({ used }) => !used).map(({ column }) => column);
    expect([...new Set(read), ...named].toSorted()).toEqual(
      ['noise', ...columns.map(({ name }) => name)].toSorted(),
    );
    expect(findings).toContainEqual(expect.objectContaining({ column: 'region', code: 'not-a-feature' }));
  });
});

describe('a text of which nearly all values look like something else', () => {
  const disguises: readonly (readonly [string, string, string, string, boolean])[] = [
    [
      'numbers and a stray token',
      "CASE WHEN i % 50 = 0 THEN 'None' ELSE (i % 40)::VARCHAR END",
      'number-as-text',
      '`None`',
      true,
    ],
    ['amounts, nearly all different', "'$' || (i * 7)::VARCHAR || '.50'", 'number-as-text', '`$', false],
    ['numbers with a decimal comma', "(i * 7)::VARCHAR || ',5'", 'number-as-text', ',5`', false],
    [
      'days first',
      "strftime(DATE '2026-01-01' + (i % 28)::INT, '%d.%m.%Y')",
      'time-as-text',
      '.01.2026`',
      true,
    ],
    [
      'truth values and a stray token',
      "CASE WHEN i % 99 = 0 THEN 'maybe' ELSE (hash(i) % 2 = 0)::VARCHAR END",
      'boolean-as-text',
      '`maybe`',
      true,
    ],
  ];

  it.each(disguises)('is told with its values: %s', async (_, sql, code, shown, used) => {
    const { findings } = await study('binary', [{ name: 'x', type: 'string', sql }]);

    expect(findings).toMatchObject([{ column: 'x', code, level: 'warning', used }]);
    expect(findings[0]?.sentence).toContain(shown);
    expect(findings[0]?.sentence).toMatch(
      /drop all data again .*; or say `type: text` under `columns\.x` if it is one\.$/,
    );
    expect(findings[0]?.announcement).not.toContain(shown);
  });

  it.each(disguises)('is a text like others where the definition says so: %s', async (_, sql, code) => {
    const { findings } = await study('binary', [{ name: 'x', type: 'string', sql }], {
      columns: { x: { type: 'text' } },
    });

    expect(findings.map((each) => each.code)).not.toContain(code);
  });
});

it('a number that counts rows is left out from wherever it counts', async () => {
  const made = Array.from({ length: 60 }, (_, index): Made => {
    const from = (index * 9_007_199_254_740_000) / 60;
    return { name: `id ${index}`, type: 'integer', sql: `${Math.round(from)} + i` };
  });

  const { encoding } = await study('binary', made);

  expect([...new Set(encoding.features.map(({ column }) => column))]).toEqual(['noise']);
});

describe('the words of free text', () => {
  const told = (problem: Definition['problem'], sql: string) =>
    study(problem, [{ name: 'body', type: 'string', sql }]).then(({ unreadTexts }) => unreadTexts);
  const filler = `' we met at ' || hash(i) || ' and spoke of ' || ['rain', 'trains', 'soup'][(hash(i, 8) % 3 + 1)::INT]`;
  const telling = `['dear friend', 'cheap pills', 'annual report'][i % 3 + 1] || ${filler}`;

  it.each([
    { problem: 'binary', metric: 'auc' },
    { problem: 'multiclass', metric: 'accuracy' },
    { problem: 'regression', metric: 'r2' },
  ] as const)('that tell the answer are measured: $problem', async ({ problem, metric }) => {
    const [found] = await told(problem, telling);

    expect(found).toMatchObject({ column: 'body', metric });
    expect(found?.low).toBeGreaterThan(0.9);
  });

  it.each([
    { problem: 'binary', nothing: 0.5 },
    { problem: 'multiclass', nothing: 1 / 3 },
    { problem: 'regression', nothing: 0 },
  ] as const)('that tell nothing are as good as a guess: $problem', async ({ problem, nothing }) => {
    const [found] = await told(problem, `'a note' || ${filler}`);

    expect(found?.low).toBeLessThan(nothing + 0.02);
  });

  it('that are there for one class only are a leak and no promise', async () => {
    expect(await told('binary', `CASE WHEN i % 3 = 0 THEN ${telling} END`)).toEqual([]);
  });
});
