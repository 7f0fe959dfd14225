import { measure } from '@tidemark/statistics/metrics/measure.ts';
import { type Predictions, selectRows } from '@tidemark/statistics/metrics/predictions.ts';
import type { Evaluation } from './evaluation.schema.ts';
import type { Holdout } from './holdout.ts';

/** Fewer rows give intervals so wide that the numbers between them mislead. */
export const minimumSegmentRows = 100;
/** More values than a person reads; a column with more is an identifier or a number, not a segment. */
export const maximumSegmentValues = 50;

/** Metrics for each of a column's values, most frequent first, where there are rows enough. */
export function measureSegments(
  predictions: Predictions,
  segments: Holdout['segments'],
): Evaluation['segments'] {
  return [...segments].map(([column, rowsOf]) => {
    const byRows = [...rowsOf].toSorted(
      ([a, rowsOfA], [b, rowsOfB]) =>
        rowsOfB.length - rowsOfA.length || String(a).localeCompare(String(b), 'en'),
    );
    const rest = byRows.slice(maximumSegmentValues);
    return {
      column,
      values: byRows.slice(0, maximumSegmentValues).map(([value, rows]) => ({
        value,
        rows: rows.length,
        metrics:
          rows.length < minimumSegmentRows
            ? null
            : { ...measure(selectRows(predictions, Uint32Array.from(rows))) },
      })),
      omitted: { values: rest.length, rows: rest.reduce((sum, [, rows]) => sum + rows.length, 0) },
    };
  });
}
