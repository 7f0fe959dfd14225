import { describe, expect, it } from 'vitest';
import { checksOf, quickChecks, unitTests } from '../../../tools/check/checks.ts';

const namesOf = (...changed: string[]) => checksOf(changed).map(({ name }) => name);
const always = ['format and lint', 'unit tests of it'];

describe('the check of a change', () => {
  it.each([
    { changed: ['functions/train/apply-gates.ts'], more: ['types'] },
    { changed: ['state-machines/train.asl.json'], more: ['types', 'state machines'] },
    { changed: ['infra/train/train-capability.ts'], more: ['types', 'synth'] },
    { changed: ['cdk.json'], more: ['types', 'synth'] },
    { changed: ['README.md'], more: [] },
    {
      changed: ['README.md', 'infra/config.ts', 'state-machines/x.json'],
      more: ['types', 'state machines', 'synth'],
    },
  ])('of $changed runs $more besides format and tests', ({ changed, more }) => {
    expect(new Set(namesOf(...changed))).toEqual(new Set([...always, ...more]));
  });

  it('has the tests of the changed sources, and those that read all sources', () => {
    const tests = checksOf(['docs/a.md', 'functions/train/apply-gates.ts', 'domain/names.ts']).at(-1);

    expect(tests?.command.filter((word) => word.endsWith('.ts'))).toEqual([
      'test/architecture.test.ts',
      'functions/train/apply-gates.ts',
      'domain/names.ts',
    ]);
  });

  it('of nothing is nothing', () => {
    expect(checksOf([])).toEqual([]);
  });

  it('has no check that the whole one has not', () => {
    const whole = [...quickChecks, unitTests([])].map(({ name }) => name);
    const all = namesOf('infra/a.ts', 'state-machines/a.json').filter((name) => name !== 'unit tests of it');

    expect(whole).toEqual(expect.arrayContaining(all));
  });
});
