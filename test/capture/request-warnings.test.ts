import type { FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestWarnings } from '../../functions/capture/request-warnings.ts';
import { encodingOf } from './encodings.ts';

const plan: FeatureEncoding = {
  kind: 'category',
  column: 'plan',
  values: { pro: 1, 'Big Plan': 2, NA: 3, Na: 4 },
  other: 0.5,
  method: 'index',
  missing: ['none'],
};
const age: FeatureEncoding = { kind: 'number', column: 'age' };
const encoding = encodingOf(age, plan);

describe('the warnings of a request', () => {
  it('count categories that are known in another spelling', () => {
    const plans = ['PRO', 'big  plan', 'pro', 'gold', 'na', null];
    const records = plans.map((value) => ({ age: 1, plan: value }));

    expect(requestWarnings(encoding, records)).toEqual([
      {
        code: 'respelled-categories',
        columns: ['plan'],
        message: expect.stringMatching(/count as unknown: `plan` \(3 of 6\)\. Write them as the data does/),
      },
    ]);
  });

  it.each([['pro'], [' pro '], ['gold'], ['none'], [''], [null], [7], [true], ['Na']])(
    'are none for the category %j',
    (value) => {
      expect(requestWarnings(encoding, [{ age: 1, plan: value }])).toEqual([]);
    },
  );

  it('hold no value of the request', () => {
    const respelled = fc.constantFrom('PRO', 'pRo', 'BIG PLAN', 'nA');
    fc.assert(
      fc.property(fc.array(respelled, { minLength: 1 }), (plans) => {
        const [warning] = requestWarnings(
          encoding,
          plans.map((value) => ({ age: 1, plan: value })),
        );
        expect(warning?.columns).toEqual(['plan']);
        for (const value of plans) expect(warning?.message).not.toContain(value);
      }),
    );
  });
});
