import { windowIdOf } from '@tidemark/domain/names.ts';
import { describe, expect, it } from 'vitest';
import { chooseReference, referenceWindows } from '../../functions/monitor/reference.ts';
import { baselineOf, factsOf } from './judged-windows.ts';

const hour = 3_600_000;
const end = new Date('2026-03-15T14:00:00Z');
/** Hourly windows of five weeks before the end, the newest first. */
const finished = Array.from({ length: 5 * 168 }, (_, index) => {
  const time = new Date(end.getTime() - (index + 1) * hour);
  return { windowId: windowIdOf(time), end: time };
});

describe('windows to compare with', () => {
  it.each([
    { compareWith: 'baseline' as const, expected: [] },
    { compareWith: 'previous-window' as const, expected: ['20260315T130000Z'] },
    {
      compareWith: 'same-hour-of-week' as const,
      expected: ['20260215T140000Z', '20260222T140000Z', '20260301T140000Z', '20260308T140000Z'],
    },
  ])('for $compareWith', ({ compareWith, expected }) => {
    const windows = referenceWindows({ compareWith }, end, finished);

    expect(windows.map(({ windowId }) => windowId)).toEqual(expected);
  });

  it('are earlier ones, whatever is finished', () => {
    const later = { windowId: 'later', end: new Date(end.getTime() + hour) };

    expect(referenceWindows({ compareWith: 'previous-window' }, end, [later])).toEqual([]);
  });
});

describe('the reference', () => {
  const baseline = baselineOf();
  const windowOf = (rows: number, windowId = '20260315T130000Z') => ({ windowId, facts: factsOf(rows) });

  it('is the baseline if that is asked', () => {
    const { said, facts } = chooseReference({ compareWith: 'baseline', minimumRows: 50 }, baseline, [
      windowOf(90),
    ]);

    expect(facts).toBe(baseline.holdout);
    expect(said).toEqual({
      kind: 'baseline',
      asked: 'baseline',
      windowIds: [],
      rows: baseline.holdout.rows,
      note: null,
    });
  });

  it('is what the earlier windows hold together', () => {
    const windows = [windowOf(60, 'a'), windowOf(40, 'b')];

    const { said, facts } = chooseReference(
      { compareWith: 'same-hour-of-week', minimumRows: 50 },
      baseline,
      windows,
    );

    expect(facts.rows).toBe(100);
    expect(said).toMatchObject({ kind: 'same-hour-of-week', windowIds: ['a', 'b'], rows: 100, note: null });
  });

  it.each([
    { title: 'there is none', windows: [], note: /^There is no previous window of this version yet/ },
    { title: 'they hold too little', windows: [windowOf(49)], note: /has 49 predictions, fewer than the 50/ },
    {
      title: 'they are another version’s',
      windows: [{ windowId: 'a', facts: { ...factsOf(90), runId: 'another' } }],
      note: /^There is no previous window/,
    },
  ])('is the baseline, and says so, if $title', ({ windows, note }) => {
    const { said } = chooseReference({ compareWith: 'previous-window', minimumRows: 50 }, baseline, windows);

    expect(said).toMatchObject({
      kind: 'baseline',
      asked: 'previous-window',
      note: expect.stringMatching(note),
    });
  });
});
