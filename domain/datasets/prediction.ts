import { InvalidInputError } from '../errors.ts';

/** A container answered something that is not a prediction for one row. */
export class UnreadablePredictionError extends InvalidInputError {
  override readonly name = 'UnreadablePredictionError';
}

/** Decimal as C, Python and JavaScript print it; not `nan`, not `inf`, and no empty text, which `Number` reads as 0. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads the prediction for one row from a container's `text/csv` answer, a line of a batch transform's `.out` or the body of
 * an invocation: `0.62`, or one number per class as `0.1,0.2,0.7`. The built-in XGBoost prints the latter as a Python list,
 * `[0.1, 0.2, 0.7]`.
 * @throws UnreadablePredictionError
 */
export function parsePrediction(text: string): number[] {
  const fields = text
    .trim()
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map((field) => field.trim());
  if (fields.every((field) => decimal.test(field))) {
    const numbers = fields.map(Number);
    if (numbers.every(Number.isFinite)) return numbers;
  }
  throw new UnreadablePredictionError(
    `The model's container answered ${JSON.stringify(shorten(text))}, which is not a number or a comma-separated list of ` +
      'numbers. Make it answer text/csv with one number, or one per class, for each row.',
  );
}

/**
 * Reads the predictions for several rows from the body of one invocation, in any of the ways that containers separate them: by
 * line ends, by commas, in brackets.
 * @param perRow numbers per row: 1, or the number of classes
 * @throws UnreadablePredictionError when there are not as many numbers as that
 */
export function parsePredictions(text: string, rows: number, perRow: number): number[][] {
  const fields = text.split(/[\s,[\]]+/).filter((field) => field !== '');
  const numbers = fields.map((field) => (decimal.test(field) ? Number(field) : Number.NaN));
  if (numbers.length !== rows * perRow || !numbers.every(Number.isFinite)) {
    throw new UnreadablePredictionError(
      `The model's container answered ${fields.length} fields, beginning ${JSON.stringify(shorten(text))}, to ${rows} rows. ` +
        `Make it answer text/csv with ${perRow} number${perRow === 1 ? '' : 's'} for each row, and nothing else.`,
    );
  }
  return Array.from({ length: rows }, (_, row) => numbers.slice(row * perRow, (row + 1) * perRow));
}

function shorten(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
