import {
  hashOfId,
  keptPredictions,
  LabelledSampler,
  labelledPredictions,
  mergeLabelledSamples,
} from '@tidemark/domain/windows/labelled-sample.ts';
import type { LabelledPrediction } from '@tidemark/domain/windows/window-facts.schema.ts';
import { describe, expect, it } from 'vitest';

/** As wide as a model of 100 classes answers, so that few rows fill a sample. */
const width = 100;

function labelled(id: number): LabelledPrediction {
  const prediction = Array.from({ length: width }, (_, index) => (index === id % width ? 1 : 0));
  return { hash: hashOfId(`id-${id}`), windowId: 'w', label: id % width, prediction, segments: [] };
}

function sampleOf(from: number, to: number) {
  const sampler = new LabelledSampler();
  for (let id = from; id < to; id += 1) sampler.add(labelled(id));
  return sampler.sample();
}

describe('a sample of labelled predictions', () => {
  const limit = keptPredictions(width);

  it('holds all of a few, and as many as can be kept of more', () => {
    expect(limit).toBe(500);
    expect(sampleOf(0, 400)).toMatchObject({ seen: 400, kept: { length: 400 } });
    expect(sampleOf(0, 1800)).toMatchObject({ seen: 1800, kept: { length: limit } });
  });

  it('is the same however the rows were cut', () => {
    const whole = sampleOf(0, 1800);

    for (const cut of [1, 700, 1750]) {
      expect(mergeLabelledSamples([sampleOf(cut, 1800), sampleOf(0, cut)])).toEqual(whole);
    }
  });

  it('is fair: what is kept has the labels of all', () => {
    const { kept } = sampleOf(0, 20_000);
    const low = kept.filter(({ label }) => label < width / 2).length;

    // Half of 500, within five standard deviations of a binomial.
    expect(Math.abs(low - limit / 2)).toBeLessThan(5 * Math.sqrt(limit / 4));
  });

  it.each([
    { problem: 'binary' as const, prediction: [0.25], expected: { probabilities: [0.25] } },
    { problem: 'regression' as const, prediction: [7], expected: { values: [7] } },
    {
      problem: 'multiclass' as const,
      prediction: [0.25, 0.75],
      expected: { classes: 2, probabilities: [0.25, 0.75] },
    },
  ])('becomes predictions of $problem', ({ problem, prediction, expected }) => {
    const predictions = labelledPredictions(problem, [{ ...labelled(1), label: 1, prediction }]);

    expect(
      JSON.parse(
        JSON.stringify(predictions, (_, value) =>
          ArrayBuffer.isView(value) ? [...Object.values(value)] : value,
        ),
      ),
    ).toEqual({
      problem,
      labels: [1],
      ...expected,
    });
  });
});
