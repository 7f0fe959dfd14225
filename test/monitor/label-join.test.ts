import { LabelBook } from '@tidemark/domain/labels/label-book.ts';
import type { LabelValue } from '@tidemark/domain/labels/labels.schema.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { LabelJoin } from '../../functions/monitor/label-join.ts';
import { encoding, rowOf, usualFlights, usualPlan } from '../domain/windows/rows.ts';

const flight = usualFlights[0] ?? { distance: 1, origin: null, carrier: null, score: 0.5 };
const row = (id: string) => rowOf(flight, id);
const book = (labels: Readonly<Record<string, LabelValue>>, key = 'new.csv') => {
  const made = new LabelBook();
  for (const [id, label] of Object.entries(labels)) made.add({ inferenceId: `flight-${id}`, label, key });
  return made;
};

let counter: WindowCounter;
beforeEach(() => {
  counter = new WindowCounter(usualPlan, encoding);
});
const joinOf = (fresh: LabelBook, recent = book({})) => new LabelJoin({ fresh, recent }, encoding, counter);
const counts = () => counter.facts().labels;
const none = {
  joined: 0,
  formerVersions: 0,
  unmatched: 0,
  repeated: 0,
  conflicting: 0,
  malformed: 0,
  unknownClass: 0,
  notYet: 0,
};

describe('a label joins', () => {
  it('a prediction of this window, also if it came before it', () => {
    const join = joinOf(book({ a: 30 }), book({ b: 0 }));

    expect([join.joinOwn(row('a'), 'w2')?.label, join.joinOwn(row('b'), 'w2')?.label]).toEqual([30, 0]);
    expect(counts()).toEqual({ ...none, joined: 2 });
    expect(
      counter
        .facts()
        .labelled.kept.map(({ label }) => label)
        .toSorted(),
    ).toEqual([0, 1]);
  });

  it('a prediction of an earlier window, under that window’s name', () => {
    const join = joinOf(book({ a: 30 }), book({ b: 0 }));

    expect([join.joinEarlier(row('a'), 'w1')?.label, join.joinEarlier(row('b'), 'w1')]).toEqual([
      30,
      undefined,
    ]);
    expect(counter.facts().labelled.kept.map(({ windowId }) => windowId)).toEqual(['w1']);
  });

  it('one prediction, once', () => {
    const join = joinOf(book({ a: 30 }));
    join.joinOwn(row('a'), 'w2');

    expect(join.joinOwn(row('a'), 'w2')).toBeUndefined();
    expect(join.joinEarlier(row('a'), 'w1')).toBeUndefined();
    expect(counts()).toEqual({ ...none, joined: 1 });
  });
});

describe('a label that joins nothing is counted as', () => {
  it.each<[string, LabelValue, object]>([
    ['repeated, if its prediction has counted with the same', 30, { repeated: 1 }],
    ['conflicting, if its prediction has counted with another', 0, { conflicting: 1 }],
  ])('%s', (_, label, expected) => {
    const join = joinOf(book({ a: label }));

    join.countedBefore('flight-a', { label: 30, key: 'old.csv' });
    join.joinOwn(row('a'), 'w2');
    join.finish();

    expect(counts()).toEqual({ ...none, ...expected });
  });

  it('unmatched, if nobody has captured its prediction', () => {
    joinOf(book({ a: 30, b: 1 })).finish();

    expect(counts()).toEqual({ ...none, unmatched: 2 });
  });

  it('of no class, if it is nothing that the target can be', () => {
    const join = joinOf(book({ a: 'soon' }));

    expect(join.joinOwn(row('a'), 'w2')).toBeUndefined();
    join.finish();

    expect(counts()).toEqual({ ...none, unknownClass: 1 });
    expect(join.unknownLabels()).toEqual([{ value: 'soon', count: 1 }]);
  });

  it('nothing, if it came with an earlier window', () => {
    const join = joinOf(book({}), book({ a: 30 }));

    join.countedBefore('flight-a', { label: 0, key: 'old.csv' });
    join.finish();

    expect(counts()).toEqual(none);
  });
});

it('labels of one window that say the same, or another thing, are counted', () => {
  const fresh = book({ a: 30 });
  fresh.add({ inferenceId: 'flight-a', label: 30, key: 'again.csv' });
  fresh.add({ inferenceId: 'flight-a', label: 0, key: 'other.csv' });
  const join = joinOf(fresh);

  join.joinOwn(row('a'), 'w2');
  join.finish();

  expect(counts()).toEqual({ ...none, joined: 1, repeated: 1, conflicting: 1 });
  expect(counter.facts().labelled.kept.map(({ label }) => label)).toEqual([0]);
});

describe('a label that another file contradicts is counted with both files', () => {
  const replaced = [{ key: 'old.csv', by: 'new.csv', count: 1 }];

  it('where both came with one window', () => {
    const fresh = book({ a: 30 }, 'old.csv');
    fresh.add({ inferenceId: 'flight-a', label: 0, key: 'new.csv' });

    expect(joinOf(fresh).replaced()).toEqual(replaced);
  });

  it('where an earlier window has counted the first', () => {
    const join = joinOf(book({ a: 0 }));
    join.countedBefore('flight-a', { label: 30, key: 'old.csv' });

    expect(join.replaced()).toEqual(replaced);
  });

  it('where the first waited for its prediction', () => {
    const join = joinOf(book({ a: 0 }), book({ a: 30 }, 'old.csv'));

    expect(join.joinOwn(row('a'), 'w2')).toEqual({ label: 0, key: 'new.csv' });
    expect(join.replaced()).toEqual(replaced);
    expect(counts()).toEqual({ ...none, joined: 1, conflicting: 1 });
  });
});

it('a class that the model does not know is a miss', () => {
  const classes = {
    ...encoding,
    problem: 'multiclass' as const,
    target: { ...encoding.target, above: null },
  };
  const join = new LabelJoin({ fresh: book({ a: 'cancelled' }), recent: book({}) }, classes, counter);

  join.joinOwn(row('a'), 'w2');

  expect(counter.facts().labelled.kept.map(({ label }) => label)).toEqual([-1]);
});
