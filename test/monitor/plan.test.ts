import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Closing,
  hourToListFrom,
  type PlanLimits,
  planLimits,
  planWindow,
  type WindowPlan,
} from '../../functions/monitor/plan.ts';
import type { CaptureObject } from '../../functions/windows/window.schema.ts';

const capture = (hour: string, name = 'a', size = 100): CaptureObject => ({
  key: `captures/flight-delay/function/${hour}/${name}.gz`,
  versionId: 'v1',
  size,
});
const keysOf = (captures: readonly CaptureObject[]) => captures.map(({ key }) => key);
const at = (time: string) => new Date(time);
const closing: Closing = { end: at('2026-03-02T00:00:00Z'), startedAt: at('2026-03-02T00:00:05Z') };
const aMonthLater: Closing = { end: at('2026-04-02T00:00:00Z'), startedAt: at('2026-04-02T00:00:05Z') };

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
  const limits: PlanLimits = { sliceBytes: 100, sliceObjects: 3, windowSlices: 2, windowObjects: 100 };
  const sizes = (...given: number[]) =>
    given.map((size, index) => capture('2026/03/01/10', `${index}`, size));

  it.each([
    ['are filled up to their bytes', [60, 40, 1], [2, 1]],
    ['are filled up to their objects', [1, 1, 1, 1], [3, 1]],
    ['have an object alone that is larger than a slice', [1000, 1], [1, 1]],
  ])('%s', (_, bytes, counts) => {
    const plan = planWindow(sizes(...bytes), undefined, closing, limits);

    expect(plan.slices.map(({ count }) => count)).toEqual(counts);
    expect(plan.complete).toBe(true);
  });

  it('that are too many are left for the next window', () => {
    const listed = sizes(100, 100, 100);

    const first = planWindow(listed, undefined, closing, limits);
    const second = planWindow(listed, first, aMonthLater, limits);

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
  const planned = (given: Closing, before?: WindowPlan) => planWindow([], before, given);
  const nextFrom = (plan: WindowPlan) => hourToListFrom(plan, aMonthLater);

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

    const plan = planWindow(listed, undefined, closing, limits);

    expect(nextFrom(plan)).toBe(plan.lookBack.from);
  });
});

describe('whatever order captures arrive and windows run in', () => {
  /** Minutes between one step and the next, and what happens then. */
  const step = fc.record({
    minutes: fc.integer({ min: 0, max: 600 }),
    what: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('arrival' as const),
          lateHours: fc.integer({ min: 0, max: 40 }),
        }),
      },
      fc.record({ kind: fc.constant('run' as const), delayMinutes: fc.integer({ min: 0, max: 300 }) }),
      fc.constant({ kind: 'failed-run' as const }),
    ),
  });

  it('every capture object is in exactly one window', () => {
    const limits: PlanLimits = { ...planLimits, sliceObjects: 2, windowSlices: 3 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = Date.parse('2026-03-01T00:00:00Z');
        let previous: WindowPlan | undefined;
        const listed: CaptureObject[] = [];
        const counted: string[] = [];
        const run = (delayMinutes: number): void => {
          const end = new Date(now - delayMinutes * 60_000);
          previous = planWindow(listed, previous, { end, startedAt: new Date(now) }, limits);
          counted.push(...keysOf(previous.captures));
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
              planWindow(listed, previous, { end: new Date(now), startedAt: new Date(now) }, limits);
          }
        }
        do run(0);
        while (previous?.complete === false);

        expect(counted.toSorted()).toEqual(keysOf(listed).toSorted());
      }),
      { numRuns: 300 },
    );
  });
});
