import type { Episode } from '@tidemark/domain/registry/records.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alarmDueMilliseconds,
  decideEpisode,
  endEpisode,
  measureOf,
  type Sign,
} from '../../functions/monitor/episode-decision.ts';

const window = {
  version: 3,
  windowId: '20260302T140000Z',
  end: new Date('2026-03-02T14:00:00Z'),
  // Two days: the episode below has lasted one.
  alarmDueMilliseconds: 2 * 86_400_000,
};
const on: Episode = {
  episodeId: 'drift-3-20260301T140000Z',
  version: 3,
  since: '2026-03-01T14:00:00.000Z',
  windowId: '20260301T140000Z',
  alarmedAt: null,
  retrainingId: null,
};
const decide = (current: Episode | null, sign: Sign, isAnswered = false) =>
  decideEpisode('drift', current, sign, window, isAnswered);

describe('an episode', () => {
  it('begins with the first window that has moved, and is named after it', () => {
    expect(decide(null, 'moved')).toEqual({
      episode: {
        episodeId: 'drift-3-20260302T140000Z',
        version: 3,
        since: '2026-03-02T14:00:00.000Z',
        windowId: '20260302T140000Z',
        alarmedAt: null,
        retrainingId: null,
      },
      begun: true,
      ended: null,
      isUnanswered: false,
    });
  });

  it.each<Sign>(['unclear', 'clear', 'unknown'])('does not begin with a window that is %s', (sign) => {
    expect(decide(null, sign)).toMatchObject({ episode: null, begun: false, ended: null });
  });

  it.each<Sign>(['moved', 'unclear', 'unknown'])('goes on with a window that is %s', (sign) => {
    expect(decide(on, sign)).toMatchObject({ episode: on, begun: false, ended: null });
  });

  it('ends with the first window that is clear', () => {
    expect(decide(on, 'clear')).toMatchObject({ episode: null, ended: on });
  });

  it('of another version is over, and another one may begin at once', () => {
    const former = { ...on, version: 2 };

    expect(decide(former, 'moved')).toMatchObject({ episode: { version: 3 }, begun: true, ended: former });
    expect(decide(former, 'unclear')).toMatchObject({ episode: null, begun: false, ended: former });
  });

  it('is over when the version that was judged is no longer live', () => {
    expect(endEpisode(on)).toMatchObject({ episode: null, ended: on });
  });
});

describe('an episode that goes on', () => {
  const alarmed = { ...on, alarmedAt: '2026-03-02T12:00:00.000Z' };

  const begun = { ...alarmed, retrainingId: 'r1' };

  it.each<[string, Episode, Sign, boolean, boolean]>([
    ['has not sounded its alarm', on, 'moved', false, false],
    ['has sounded its alarm', alarmed, 'moved', false, true],
    ['has sounded its alarm, in a window that is neither', alarmed, 'unclear', false, true],
    ['is answered by a retraining', begun, 'moved', true, false],
    ['was answered by a retraining that came to nothing', begun, 'moved', false, true],
    ['has sounded its alarm, in a window that says nothing', alarmed, 'unknown', false, false],
  ])('and %s asks for an answer or not', (_, current, sign, isAnswered, isUnanswered) => {
    expect(decide(current, sign, isAnswered).isUnanswered).toBe(isUnanswered);
  });

  it('for as long as its alarm looks back asks too: an alarm that was on before does not go off again', () => {
    const due = alarmDueMilliseconds({ every: 'hour', alarm: { windows: 2, outOf: 3 } });
    const lasting = (hours: number, isAnswered = false) => {
      const end = new Date(Date.parse(on.since) + hours * 3_600_000);
      return decideEpisode('drift', on, 'moved', { ...window, end, alarmDueMilliseconds: due }, isAnswered);
    };

    expect(lasting(2).isUnanswered).toBe(false);
    expect(lasting(3).isUnanswered).toBe(true);
    expect(lasting(3, true).isUnanswered).toBe(false);
  });
});

describe('what CloudWatch gets', () => {
  it.each<[Sign, Episode | null, number | null]>([
    ['moved', null, 1],
    ['unclear', on, 1],
    ['unclear', null, 0],
    ['clear', on, 0],
    ['unknown', on, null],
    ['unknown', null, null],
  ])('of a window that is %s', (sign, current, value) => {
    expect(measureOf(decide(current, sign), sign)).toBe(value);
  });
});

it('whatever windows come, each episode begins and ends once, in turn', () => {
  const sign = fc.constantFrom<Sign>('moved', 'unclear', 'clear', 'unknown');
  fc.assert(
    fc.property(fc.array(fc.record({ sign, version: fc.integer({ min: 1, max: 2 }) })), (windows) => {
      let current: Episode | null = null;
      for (const [index, { sign: given, version }] of windows.entries()) {
        const before: Episode | null = current;
        const end = new Date(Date.UTC(2026, 2, 1, index));
        const judged = { ...window, version, windowId: `w${index}`, end };
        const decision = decideEpisode('drift', before, given, judged, false);

        current = decision.episode;
        expect(decision.begun).toBe(current !== null && current.episodeId !== before?.episodeId);
        expect(decision.ended).toBe(
          before !== null && current?.episodeId !== before.episodeId ? before : null,
        );
        if (current) expect(current.version).toBe(version);
      }
    }),
  );
});
