import type { WindowMark } from '@tidemark/domain/registry/records.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmSentence, judgeAlarm } from '../../functions/monitor/alarm-verdict.ts';

const twoOfThree = { windows: 2, outOf: 3 };
const day = (number: number) => new Date(Date.UTC(2026, 0, number)).toISOString();

/** `1b`: a bad window of version 1; `1g`: a good one; `1-`: one that could not be judged. A day each, unless told. */
function verdicts(story: string, alarm = twoOfThree, dayOf = (index: number) => index + 1): (0 | 1 | null)[] {
  let marks: readonly WindowMark[] = [];
  return story.split(' ').map((word, index) => {
    const end = day(dayOf(index));
    const measure = word.endsWith('-') ? null : word.endsWith('b') ? 1 : 0;
    const judged = judgeAlarm(marks, { windowId: end, end, version: Number(word[0]) }, measure, alarm);
    marks = judged.marks;
    return judged.verdict;
  });
}

describe('the alarm', () => {
  it.each([
    ['goes on with the second bad window of three, and off again', '1b 1g 1b 1g 1g', [0, 0, 1, 0, 0]],
    ['does not go on with the first bad window of a new version', '1b 2b 2b', [0, 0, 1]],
    ['goes off with the first window of a new version', '1b 1b 2g', [0, 1, 0]],
    ['goes off with the first bad window of a new version, too', '1b 1b 2b', [0, 1, 0]],
    ['counts a version’s own earlier windows after a rollback to it', '1b 2g 1b', [0, 0, 1]],
    ['counts them only among the latest windows', '1b 2g 2g 1b', [0, 0, 0, 0]],
    ['does not count a window that could not be judged', '1b 1- 1- 1- 1b', [0, null, null, null, 1]],
    ['stays as it is when a new version’s windows say nothing', '1b 1b 2- 2- 2b', [0, 1, null, null, 0]],
  ])('%s', (_, story, expected) => {
    expect(verdicts(story)).toEqual(expected);
  });

  it('goes on at once where one window is asked for, also for a new version', () => {
    expect(verdicts('1b 2b', { windows: 1, outOf: 1 })).toEqual([1, 1]);
  });

  it('does not count windows of more than a month ago, as of a model that was retired', () => {
    expect(verdicts('1b 1b', twoOfThree, (index) => 1 + index * 31)).toEqual([0, 0]);
    expect(verdicts('1b 1b', twoOfThree, (index) => 1 + index * 30)).toEqual([0, 1]);
  });

  it('counts a window that is judged again once, as it was judged last', () => {
    const window = { windowId: 'one', end: day(1), version: 1 };
    const first = judgeAlarm([], window, 1, twoOfThree);
    const again = judgeAlarm(first.marks, window, 1, twoOfThree);

    expect(again).toEqual(first);
    expect(judgeAlarm(again.marks, window, 0, twoOfThree)).toMatchObject({
      moved: 0,
      marks: [{ moved: false }],
    });
  });

  it('of a window that is judged late looks at those before it, and keeps those after it', () => {
    const later = judgeAlarm([], { windowId: 'b', end: day(2), version: 1 }, 1, twoOfThree);
    const late = judgeAlarm(later.marks, { windowId: 'a', end: day(1), version: 1 }, 1, twoOfThree);

    expect(late).toMatchObject({ verdict: 0, moved: 1 });
    expect(late.marks.map(({ windowId }) => windowId)).toEqual(['a', 'b']);
  });

  it('is on exactly if so many of the latest windows that could be judged are bad ones of this version', () => {
    const window = fc.record({
      version: fc.integer({ min: 1, max: 3 }),
      sign: fc.constantFrom('b', 'g', '-'),
    });
    const alarm = fc
      .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
      .map(([a, b]) => ({ windows: Math.min(a, b), outOf: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 25 }), alarm, (story, policy) => {
        const told = verdicts(story.map(({ version, sign }) => `${version}${sign}`).join(' '), policy);
        const expected = story.map(({ version, sign }, index) => {
          if (sign === '-') return null;
          const judged = story.slice(0, index + 1).filter((each) => each.sign !== '-');
          const bad = judged
            .slice(-policy.outOf)
            .filter((each) => each.version === version && each.sign === 'b');
          return bad.length >= policy.windows ? 1 : 0;
        });
        expect(told).toEqual(expected);
      }),
    );
  });

  it('says how far it is', () => {
    const first = judgeAlarm([], { windowId: 'a', end: day(1), version: 1 }, 1, twoOfThree);
    const second = judgeAlarm(first.marks, { windowId: 'b', end: day(2), version: 1 }, 1, twoOfThree);

    expect(alarmSentence(first, twoOfThree)).toBe(
      'The alarm is off: 1 of the latest 3 windows that could be judged is such a window of this version, and it asks for 2.',
    );
    expect(alarmSentence(second, twoOfThree)).toBe(
      'The alarm is on: 2 of the latest 3 windows that could be judged are such windows of this version.',
    );
  });
});
