import { type FiledLabel, LabelBook } from '@tidemark/domain/labels/label-book.ts';
import { describe, expect, it } from 'vitest';

const label = (inferenceId: string, value: FiledLabel['label'], key = 'a.csv'): FiledLabel => ({
  inferenceId,
  label: value,
  key,
});

describe('labels of one prediction', () => {
  const book = (...some: FiledLabel[]) => {
    const filled = new LabelBook();
    for (const each of some) filled.add(each);
    return filled;
  };

  it('that say the same count once', () => {
    const { counts } = book(label('a', 1), label('a', '1'), label('b', 0));

    expect(counts).toEqual({ labels: 2, repeated: 1, overruled: 0 });
  });

  it('that contradict each other: the one that came last counts', () => {
    const corrected = book(label('a', 1), label('b', 0), label('a', 0));

    expect(corrected.of('a')).toBe(0);
    expect(corrected.counts).toEqual({ labels: 2, repeated: 0, overruled: 1 });
    expect([...corrected]).toMatchObject([
      { inferenceId: 'a', label: 0 },
      { inferenceId: 'b', label: 0 },
    ]);
  });

  it('that contradict each other are counted by whose they are', () => {
    const some = book(
      label('a', 1),
      label('b', 1),
      label('a', 0, 'b.csv'),
      label('b', 0, 'b.csv'),
      label('b', 1, 'b.csv'),
    );

    expect(some.replaced).toEqual([
      { key: 'a.csv', by: 'b.csv', count: 2 },
      { key: 'b.csv', by: 'b.csv', count: 1 },
    ]);
    expect(some.keyOf('a')).toBe('b.csv');
  });

  it('of a prediction that nobody knows are there for whoever asks', () => {
    expect(book(label('never-asked', 1)).of('order-17')).toBeUndefined();
  });
});
