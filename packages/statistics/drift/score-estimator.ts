import { drawBinomial } from './draws.ts';
import type { Estimator } from './estimator-contract.ts';
import { isotonicMeans } from './isotonic.ts';
import type { Calibration } from './quality.schema.ts';
import { type Counts, drawShare, resampledCounts } from './resampling.ts';
import { isYesFrom, metricOfScores } from './score-metrics.ts';

type ScoreCalibration = Extract<Calibration, { problem: 'binary' }>;

/**
 * Confidence-based performance estimation: of the predictions with a score, as many are positive as were in the baseline.
 * Calibration is isotonic, as a higher score should not be less often right.
 */
export function scoreEstimator(calibration: ScoreCalibration): Estimator {
  const { edges, rows, positives, scores } = calibration;
  const positiveShares = isotonicMeans(positives, rows);
  const binsOf = (counts: Counts, shares: Counts) =>
    rows.map((rowsOfBin, bin) => ({
      rows: counts[bin] ?? 0,
      positiveShare: shares[bin] ?? 0,
      score: rowsOfBin > 0 ? (scores[bin] ?? 0) / rowsOfBin : middleOf(edges, bin),
      isYes: isYesFrom(edges[bin - 1]),
    }));
  return {
    rows,
    expected: (metric, counts) => metricOfScores(metric, binsOf(counts, positiveShares)),
    realised: (metric, counts, uniform) => {
      const drawn = positiveShares.map((share, bin) => {
        const count = counts[bin] ?? 0;
        return count === 0 ? 0 : drawBinomial(count, share, uniform) / count;
      });
      return metricOfScores(metric, binsOf(counts, drawn));
    },
    resampled: (uniform) => {
      const drawnRows = resampledCounts(rows, uniform);
      return scoreEstimator({
        ...calibration,
        rows: drawnRows,
        positives: drawnRows.map(
          (count, bin) => count * drawShare(positives[bin] ?? 0, rows[bin] ?? 0, uniform),
        ),
        scores: drawnRows.map((count, bin) => count * (rows[bin] ? (scores[bin] ?? 0) / rows[bin] : 0)),
      });
    },
  };
}

/** Scores of a bin without rows in the baseline are taken to lie in its middle. */
function middleOf(edges: readonly number[], bin: number): number {
  return ((edges[bin - 1] ?? 0) + (edges[bin] ?? 1)) / 2;
}
