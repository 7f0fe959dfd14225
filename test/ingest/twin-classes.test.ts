import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { twinClasses } from '../../functions/ingest/twin-classes.ts';

const multiclass = { problem: 'multiclass', target: { column: 'grade' } } as const;
const summary = (...values: readonly string[]) => ({
  distinct: values.length,
  values: values.map((value, index) => ({ value, rows: 10 + index })),
  positive: null,
});

describe('classes that differ in spelling only are told', () => {
  it.each([
    [['1', '1.0', '01', '2'], 3],
    [['Yes', 'yes', 'no'], 2],
    [['a', 'a\u200b', 'A', 'b'], 3],
    [['-0', '0', '1'], 2],
    [['a', 'A', '7', '+7'], 4],
  ])('of %j', (values, twins) => {
    const [warning] = twinClasses(multiclass, summary(...values));

    expect(warning).toMatchObject({ code: 'classes-alike', column: 'grade' });
    expect(warning?.what).toContain(`${twins} classes`);
    expect(warning?.examples).toHaveLength(twins);
    expect(`${warning?.what} ${warning?.remedy}`).not.toMatch(/yes|01/);
  });

  it.each([
    [['1', '2', '10', '1e0']],
    [['a b', 'ab', 'a-b']],
    // Of more digits than a number of 64 bits keeps apart.
    [['12345678901234567', '12345678901234568']],
  ])('and of %j, which are different, nothing is', (values) => {
    expect(twinClasses(multiclass, summary(...values))).toEqual([]);
  });

  it('whatever the classes are, each told one has another like it', () => {
    const spelled = fc.constantFrom('1', '1.0', '01', 'yes', 'Yes', 'b', 'c', '2');
    fc.assert(
      fc.property(fc.uniqueArray(spelled, { minLength: 1 }), (values) => {
        const told = twinClasses(multiclass, summary(...values)).flatMap(({ examples }) => examples);
        const likes = ({ text }: { text: string }) =>
          values.some(
            (other) =>
              other !== text &&
              (other.toLowerCase() === text.toLowerCase() || Number(other) === Number(text)),
          );
        expect(told.every(likes)).toBe(true);
      }),
    );
  });

  it('in a binary problem, where more than two are refused anyway, nothing is', () => {
    expect(twinClasses({ ...multiclass, problem: 'binary' }, summary('Yes', 'yes'))).toEqual([]);
  });
});
