import type { LabelObject } from '@tidemark/domain/windows/window.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelPlan, planLabels, recentEnough } from '../../functions/monitor/label-plan.ts';

const label = (modifiedAt: string, key = 'labels/flight-delay/a.csv', versionId = 'v1'): LabelObject => ({
  key,
  versionId,
  size: 10,
  modifiedAt,
});
const at = (time: string) => new Date(time);

describe('labels', () => {
  const march1 = label('2026-03-01T10:00:00.000Z');

  it('belong to the first window after they came, the oldest first', () => {
    const later = label('2026-03-01T11:00:00.000Z', 'labels/flight-delay/0.csv');

    expect(planLabels([later, march1], undefined, at('2026-03-01T12:00:00Z')).objects).toEqual([
      march1,
      later,
    ]);
  });

  it('are known for two days to the windows after, for predictions that are captured late', () => {
    const first = planLabels([march1], undefined, at('2026-03-01T12:00:00Z'));
    const second = planLabels([march1], first, at('2026-03-03T12:00:00Z'));
    const third = planLabels([march1], second, at('2026-03-03T13:00:00Z'));

    expect(second).toMatchObject({ objects: [], recent: [march1] });
    expect(third).toMatchObject({ objects: [], recent: [] });
  });

  it('that are written again come again', () => {
    const again = label('2026-03-01T11:00:00.000Z', march1.key, 'v2');
    const first = planLabels([march1], undefined, at('2026-03-01T10:30:00Z'));

    expect(planLabels([again], first, at('2026-03-01T12:00:00Z')).objects).toEqual([again]);
  });

  it('from before there was monitoring are left alone', () => {
    expect(planLabels([march1], undefined, at('2026-04-01T12:00:00Z')).objects).toEqual([]);
  });

  it('whose upload took a day are found all the same', () => {
    const first = planLabels([], undefined, at('2026-03-02T09:00:00Z'));

    expect(planLabels([march1], first, at('2026-03-02T10:00:00Z')).objects).toEqual([march1]);
  });

  it('that are too many are left for the next window', () => {
    const many = Array.from({ length: 10_001 }, (_, index) =>
      label('2026-03-01T10:00:00.000Z', `labels/flight-delay/${index}`),
    );

    const first = planLabels(many, undefined, at('2026-03-01T12:00:00Z'));
    const second = planLabels(many, first, at('2026-05-01T12:00:00Z'));

    expect(first.objects).toHaveLength(10_000);
    expect(second.objects).toHaveLength(1);
  });

  it.each<[string, LabelObject[], number]>([
    ['too large together are left for the next window', [large('a', 200), large('b', 200)], 1],
    ['packed too large together, too', [large('a.gz', 20), large('b.gz', 20)], 1],
    ['too large for one window have one of their own', [large('a', 300), large('b', 200)], 1],
  ])('that are %s', (_, listed, count) => {
    expect(planLabels(listed, undefined, at('2026-03-01T12:00:00Z')).objects).toHaveLength(count);
  });
});

it('of labels that came before, the latest are looked at, as many as there is time for', () => {
  const [old, middle, latest] = [large('a', 600), large('b', 600), large('c', 300)];

  expect(recentEnough([old, middle, latest])).toEqual([middle, latest]);
});

/** In megabytes. */
function large(name: string, megabytes: number): LabelObject {
  return { ...label('2026-03-01T10:00:00.000Z', `labels/flight-delay/${name}`), size: megabytes * 2 ** 20 };
}

it('whatever order labels come and windows run in, every object is in exactly one window', () => {
  const step = fc.record({
    minutes: fc.integer({ min: 0, max: 900 }),
    what: fc.oneof(fc.record({ uploadHours: fc.integer({ min: 0, max: 40 }) }), fc.constant('run' as const)),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      let now = Date.parse('2026-03-01T00:00:00Z');
      let previous: LabelPlan | undefined;
      const listed: LabelObject[] = [];
      const counted: string[] = [];
      const run = (): void => {
        previous = planLabels(listed, previous, new Date(now));
        counted.push(...previous.objects.map(({ key }) => key));
      };

      for (const { minutes, what } of steps) {
        now += minutes * 60_000;
        if (what === 'run') run();
        else
          listed.push(
            label(new Date(now - what.uploadHours * 3_600_000).toISOString(), `labels/${listed.length}`),
          );
      }
      run();

      expect(counted.toSorted()).toEqual(listed.map(({ key }) => key).toSorted());
    }),
  );
});
