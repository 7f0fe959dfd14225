import { describe, expect, it } from 'vitest';
import { LabelBook } from '../../functions/capture/label-book.ts';
import type { Label } from '../../functions/capture/labels.schema.ts';

const label = (inferenceId: string, value: Label['label']): Label => ({ inferenceId, label: value });

describe('labels of one prediction', () => {
  const book = (...some: Label[]) => {
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
    expect([...corrected]).toEqual([label('a', 0), label('b', 0)]);
  });

  it('of a prediction that nobody knows are there for whoever asks', () => {
    expect(book(label('never-asked', 1)).of('order-17')).toBeUndefined();
  });
});
