import type { FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { missingSpellings } from '@tidemark/statistics/tables/missing-values.ts';
import { describe, expect, it } from 'vitest';
import { type Spelling, withVocabulary } from '../../functions/train/vocabulary.ts';
import { encodingOf } from '../capture/encodings.ts';

const plan: FeatureEncoding = {
  kind: 'category',
  column: 'plan',
  values: { pro: 1 },
  other: 0.5,
  method: 'index',
};
const age: FeatureEncoding = { kind: 'number', column: 'age' };

const statistics = (name: string, type: 'string' | 'integer', present: number) => ({
  column: { name, type },
  present,
  lowest: null,
  highest: null,
  distinct: 2,
  hasTimeOfDay: false,
  countsRows: false,
  isFreeText: false,
  categories: [],
});

/** With three training rows, of which the plans are these. */
function fitted(plans: readonly string[], spelling: Spelling) {
  const rows = plans.map((each, index) => `(${each}, ${index})`).join(', ');
  return Database.with(1769, (database) =>
    withVocabulary(
      database,
      encodingOf(plan, age),
      `SELECT * FROM (VALUES ${rows}) AS rows_(plan, age)`,
      [statistics('plan', 'string', 2), statistics('age', 'integer', 3)],
      3,
      spelling,
    ),
  );
}

describe('an encoding', () => {
  it('takes for missing in a request what files of the dataset took for missing', async () => {
    const { encoding, findings } = await fitted(["'pro'", 'NULL', "'plus'"], {
      missingInTexts: missingSpellings,
    });

    for (const spelling of ['', ' ', ...missingSpellings]) {
      expect(encodeRow(encoding, { plan: spelling, age: spelling })).toEqual([null, null]);
    }
    expect(findings).toEqual([]);
  });

  it('takes no text for missing where no file did, but nothing at all', async () => {
    const { encoding } = await fitted(["'pro'", 'NULL', "'plus'"], { missingInTexts: [] });

    expect(encodeRow(encoding, { plan: 'NA' })[0]).toBe(0.5);
    expect(encodeRow(encoding, { plan: '' })[0]).toBeNull();
  });

  it('keeps a spelling of missing that is a value in some training rows, with a warning', async () => {
    const { encoding, findings } = await fitted(["'NA'", 'NULL', "'pro'"], {
      missingInTexts: missingSpellings,
    });

    expect(encodeRow(encoding, { plan: 'NA' })[0]).toBe(0.5);
    expect(encodeRow(encoding, { plan: 'NULL' })[0]).toBeNull();
    expect(findings).toMatchObject([
      { column: 'plan', code: 'missing-or-value', level: 'warning', used: true },
    ]);
  });

  it('knows which columns were never missing', async () => {
    const { encoding } = await fitted(["'pro'", 'NULL', "'plus'"], { missingInTexts: [] });

    expect(encoding.features.map(({ neverMissing = false }) => neverMissing)).toEqual([false, true]);
  });
});
