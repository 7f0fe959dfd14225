import type { CaptureObject } from '@tidemark/domain/windows/window.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CapturePlan,
  hourToListFrom,
  type PlanLimits,
  planLimits,
  planWindow,
  type WindowClosing,
} from '../../functions/monitor/capture-plan.ts';

const capture = (hour: string, name = 'a', size = 100): CaptureObject => ({
  key: `captures/flight-delay/function/${hour}/${name}.gz`,
  versionId: 'v1',
  size,
});
const keysOf = (captures: readonly CaptureObject[]) => captures.map(({ key }) => key);
const at = (time: string) => new Date(time);
const closing: WindowClosing = { end: at('2026-03-02T00:00:00Z'), startedAt: at('2026-03-02T00:00:05Z') };
const aMonthLater: WindowClosing = { end: at('2026-04-02T00:00:00Z'), startedAt: at('2026-04-02T00:00:05Z') };

describe('a window', () => {
  it('has what no earlier window has, also if it arrives late', () => {
    const first = planWindow([capture('2026/03/01/10')], undefined, closing);
    const listed = [capture('2026/03/01/10'), capture('2026/03/01/09', 'late'), capture('2026/03/01/11')];

    const second = planWindow(listed, first, closing);

    expect(keysOf(second.captures)).toEqual([listed[1]?.key, listed[2]?.key]);
    expect(second.lookBack.consumed).toEqual([listed[0]?.key]);
  });

  it('is empty if nothing was captured', () => {
    expect(planWindow([], undefined, closing)).toMatchObject({
      captures: [],
      slices: [],
      complete: true,
    });
  });

  it('puts captures of one hour next to each other, the function’s first', () => {
    const byEndpoint = (hour: string): CaptureObject => ({
      key: `captures/flight-delay/endpoint/v00000001/e/primary/${hour}/b.jsonl`,
      versionId: 'v1',
      size: 1,
    });
    const listed = [byEndpoint('2026/03/01/10'), byEndpoint('2026/03/01/11'), capture('2026/03/01/10')];

    const { captures } = planWindow(listed, undefined, closing);

    expect(captures).toEqual([listed[2], listed[0], listed[1]]);
  });

  it('leaves out what is no capture', () => {
    const stray: CaptureObject = {
      key: 'captures/flight-delay/function/notes.txt',
      versionId: 'v1',
      size: 1,
    };

    expect(planWindow([stray], undefined, closing).captures).toEqual([]);
  });
});

describe('slices', () => {
  const limits: PlanLimits = {
    sliceBytes: 100,
    sliceObjects: 3,
    windowSlices: 2,
    windowObjects: 100,
    sweptObjects: 100,
  };
  const sizes = (...given: number[]) =>
    given.map((size, index) => capture('2026/03/01/10', `${index}`, size));

  it.each([
    ['are filled up to their bytes', [60, 40, 1], [2, 1]],
    ['are filled up to their objects', [1, 1, 1, 1], [3, 1]],
    ['have an object alone that is larger than a slice', [1000, 1], [1, 1]],
  ])('%s', (_, bytes, counts) => {
    const plan = planWindow(sizes(...bytes), undefined, closing, { limits });

    expect(plan.slices.map(({ count }) => count)).toEqual(counts);
    expect(plan.complete).toBe(true);
  });

  it('that are too many are left for the next window', () => {
    const listed = sizes(100, 100, 100);

    const first = planWindow(listed, undefined, closing, { limits });
    const second = planWindow(listed, first, aMonthLater, { limits });

    expect(first).toMatchObject({
      complete: false,
      slices: [
        { first: 0, count: 1 },
        { first: 1, count: 1 },
      ],
    });
    expect(keysOf(second.captures)).toEqual([listed[2]?.key]);
  });
});

describe('captures are listed', () => {
  const march = at('2026-03-10T14:30:00Z');
  const planned = (given: WindowClosing, before?: CapturePlan) => planWindow([], before, given);
  const soonAfter = { end: at('2020-01-01T01:00:00Z'), startedAt: march };
  const nextFrom = (plan: CapturePlan) => hourToListFrom(plan, soonAfter);

  it('from eight days back the first time', () => {
    expect(hourToListFrom(undefined, { end: march, startedAt: march })).toBe('2026/03/02/14');
  });

  it('from two days before the window before closed, however long ago that is', () => {
    expect(nextFrom(planned({ end: march, startedAt: march }))).toBe('2026/03/08/14');
  });

  it('from two days before its start, if it was given a time that is yet to come', () => {
    expect(nextFrom(planned({ end: at('2099-01-01T00:00:00Z'), startedAt: march }))).toBe('2026/03/08/14');
  });

  it('never from before where keys are remembered, also if it was given a time long ago', () => {
    const before = planned({ end: march, startedAt: march });

    expect(nextFrom(planned({ end: at('2020-01-01T00:00:00Z'), startedAt: march }, before))).toBe(
      '2026/03/08/14',
    );
  });

  it('from where the window before did, if it left something', () => {
    const limits = { ...planLimits, windowObjects: 1 };
    const listed = [capture('2026/02/23/10'), capture('2026/02/23/11')];

    const plan = planWindow(listed, undefined, closing, { limits });

    expect(nextFrom(plan)).toBe(plan.lookBack.from);
  });
});

describe('a sweep', () => {
  const day = (date: string, time = '00:00:00'): WindowClosing => ({
    end: at(`${date}T${time}Z`),
    startedAt: at(`${date}T${time}Z`),
  });
  /** Remembers what sweeps know, as hashes do. */
  function windows(limits = planLimits) {
    let previous: CapturePlan | undefined;
    let known: readonly string[] = [];
    return (listed: readonly CaptureObject[], given: WindowClosing) => {
      const planned = planWindow(listed, previous, given, { isKnown: (key) => known.includes(key), limits });
      previous = planned;
      known = planned.known ?? known;
      return planned;
    };
  }
  const early = capture('2026/03/01/10', 'early');
  const late = capture('2026/03/02/10', 'late');

  it('finds once a day what came more than two days late, and says so', () => {
    const next = windows();
    next([early], day('2026-03-05'));

    const before = next([early, late], day('2026-03-05', '23:00:00'));
    const swept = next([early, late], day('2026-03-06'));
    const after = next([early, late], day('2026-03-07'));

    expect([before, swept, after].map(({ captures }) => keysOf(captures))).toEqual([[], [late.key], []]);
    expect(swept.late).toEqual({ taken: 1, left: 0 });
  });

  it('leaves, and counts once, what came more than a month late', () => {
    const next = windows();
    next([early], day('2026-03-05'));
    next([early], day('2026-04-20'));

    const swept = next([early, late], day('2026-04-22'));
    const after = next([early, late], day('2026-04-24'));

    expect([swept, after].map(({ captures }) => keysOf(captures))).toEqual([[], []]);
    expect([swept.late, after.late]).toEqual([
      { taken: 0, left: 1 },
      { taken: 0, left: 0 },
    ]);
  });

  it('does not go back before the first window', () => {
    const next = windows();
    next([], day('2026-03-15'));

    expect(next([late], day('2026-03-17')).captures).toEqual([]);
  });

  it('goes no farther back than it has time for', () => {
    const hours = Array.from({ length: 9 }, (_, hour) => capture(`2026/03/01/0${hour}`));
    const next = windows({ ...planLimits, sweptObjects: 3 });
    next(hours, day('2026-03-05'));

    const { lookBack, known } = next(hours, day('2026-03-06'));

    expect(lookBack.swept).toMatchObject({ from: '2026/03/01/06', until: '2026/03/04/00' });
    expect(known).toHaveLength(3);
  });

  it('calls nothing late that came while no window looked', () => {
    const meanwhile = capture('2026/03/10/10');
    const next = windows();
    next([], day('2026-03-05'));

    const { captures, late: counts } = next([meanwhile], day('2026-05-05'));

    expect(captures).toEqual([meanwhile]);
    expect(counts).toEqual({ taken: 0, left: 0 });
  });
});

describe('whatever order captures arrive and windows run in', () => {
  /** Minutes between one step and the next, and what happens then. */
  const step = fc.record({
    minutes: fc.integer({ min: 0, max: 3000 }),
    what: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('arrival' as const),
          lateHours: fc.oneof(
            fc.integer({ min: 0, max: 40 }),
            // Later than any window expects, and than any can tell from a repeat.
            fc.integer({ min: 40, max: 1000 }),
          ),
        }),
      },
      fc.record({ kind: fc.constant('run' as const), delayMinutes: fc.integer({ min: 0, max: 300 }) }),
      fc.constant({ kind: 'failed-run' as const }),
    ),
  });

  it('every capture object since the first window is in exactly one window, or counted as too late once', () => {
    const limits: PlanLimits = { ...planLimits, sliceObjects: 2, windowSlices: 3 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = Date.parse('2026-03-01T00:00:00Z');
        let previous: CapturePlan | undefined;
        let known: readonly string[] = [];
        let left = 0;
        let firstHour: string | undefined;
        const listed: CaptureObject[] = [];
        const counted: string[] = [];
        const plan = (end: number) =>
          planWindow(
            listed,
            previous,
            { end: new Date(end), startedAt: new Date(now) },
            { isKnown: (key) => known.includes(key), limits },
          );
        const run = (delayMinutes: number): void => {
          const planned = plan(now - delayMinutes * 60_000);
          previous = planned;
          known = planned.known ?? known;
          left += planned.late.left;
          firstHour ??= planned.lookBack.from;
          counted.push(...keysOf(planned.captures));
        };

        for (const { minutes, what } of steps) {
          now += minutes * 60_000;
          switch (what.kind) {
            case 'arrival': {
              const hour = new Date(now - what.lateHours * 3_600_000)
                .toISOString()
                .slice(0, 13)
                .replaceAll(/[-T]/g, '/');
              listed.push(capture(hour, `${listed.length}`));
              break;
            }
            case 'run':
              run(what.delayMinutes);
              break;
            case 'failed-run':
              // It plans as any other, and is forgotten: only what was finished counts.
              plan(now);
          }
        }
        // A sweep a day until there is nothing left to be found.
        do {
          run(0);
          now += 25 * 3_600_000;
          run(0);
        } while (previous?.complete === false);

        const since = listed.filter(({ key }) => key >= `captures/flight-delay/function/${firstHour}`);
        expect(new Set(counted).size).toBe(counted.length);
        expect(counted.length + left).toBe(since.length);
      }),
      { numRuns: 300 },
    );
  });
});
