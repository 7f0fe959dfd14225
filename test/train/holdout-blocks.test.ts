import { measureMetric } from '@tidemark/statistics/drift/judge-quality.ts';
import { type Predictions, selectRows } from '@tidemark/statistics/metrics/predictions.ts';
import { seededUniform } from '@tidemark/statistics/metrics/random.ts';
import { describe, expect, it } from 'vitest';
import { holdoutBlocks } from '../../functions/train/holdout-blocks.ts';

const day = 86_400_000;
const uniform = seededUniform(1);
const rows = 3000;
const scores = Float64Array.from({ length: rows }, () => uniform());
const predictions: Predictions = {
  problem: 'binary',
  labels: scores.map((score) => (uniform() < score ? 1 : 0)),
  probabilities: scores,
};
const plan = { milliseconds: day, minimumRows: 100, predictionEdges: [0.25, 0.5, 0.75] };
/** Shuffled over ten days, as rows of a file may lie in any order. */
const times = Float64Array.from({ length: rows }, (_, row) =>
  Date.UTC(2026, 0, 1 + ((row * 7) % 10), row % 24),
);
const holdout = { predictions, times, scores, width: 1 };

describe('blocks of a hold-out', () => {
  it('are its days, each measured and counted by its own rows', () => {
    const blocks = holdoutBlocks(holdout, 'auc', plan);
    const first = Uint32Array.from(times.keys()).filter((row) => (times[row] ?? 0) < Date.UTC(2026, 0, 2));
    const measured = measureMetric('auc', selectRows(predictions, first));

    expect(blocks).toHaveLength(10);
    expect(blocks[0]).toMatchObject({
      value: measured?.value,
      standardError: measured?.standardError,
      rows: first.length,
    });
    for (const { rows: of, predictionCounts } of blocks)
      expect(predictionCounts?.reduce((sum, count) => sum + count, 0)).toBe(of);
  });

  it('leave out what is too short, has no time, or has no such metric', () => {
    const late = times.map((time, row) => (row < 50 ? Number.NaN : row < 120 ? time + 100 * day : time));
    const blocks = holdoutBlocks({ ...holdout, times: late }, 'auc', plan);
    expect(blocks).toHaveLength(10);
    expect(blocks.reduce((sum, { rows: of }) => sum + of, 0)).toBe(rows - 120);
    const allYes = { ...predictions, labels: new Float64Array(rows).fill(1) };
    expect(holdoutBlocks({ ...holdout, predictions: allYes }, 'auc', plan)).toEqual([]);
  });

  it('are a hundred at most, of all of its time', () => {
    const hours = Float64Array.from({ length: rows }, (_, row) => row * 3_600_000);
    const blocks = holdoutBlocks({ ...holdout, times: hours }, 'accuracy', {
      milliseconds: 12 * 3_600_000,
      minimumRows: 1,
      predictionEdges: null,
    });
    expect(blocks).toHaveLength(100);
    expect(blocks[0]?.predictionCounts).toBeNull();
  });
});
