/**
 * How far an answer may be from the recorded prediction: `absolute + relative · |recorded|`.
 *
 * The same file in the same image does the same 32-bit arithmetic in the same order. What may differ is the last bit of an `exp`
 * between processors, and the digits that are printed. A print of six significant digits (C's `%g`, the fewest in use) is off by
 * at most 5e-6 of the value; recorded and answered together by 1e-5. Near zero a sum of terms around 1 is good to 2^-24 = 6e-8
 * a term, so 1e-6 allows for the rounding of some 16 terms.
 */
export const tolerance = { relative: 1e-5, absolute: 1e-6 } as const;

/** Whether a number is what the same model would answer where another was recorded. */
export function agrees(recorded: number, answered: number | undefined): boolean {
  if (answered === undefined) return false;
  return Math.abs(answered - recorded) <= tolerance.absolute + tolerance.relative * Math.abs(recorded);
}
