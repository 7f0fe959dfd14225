import type { FeatureEncoding } from '../datasets/encoding.schema.ts';

/** Names the category that a code stands for. */
export type NameOfCode = (code: number) => string;

/** What every category is called that the encoding does not know: rare in training, or never seen there. */
export const otherCategory = '(other)';

/** What a code is called that no category has: the caller encoded with something else. */
export const unknownCode = '(unknown)';

/**
 * How the codes of a category column read. Categories with one code cannot be told apart by it, so the first of them by name stands
 * for all; the code of unknown categories reads `(other)`, also where a known one happens to have it.
 *
 * Codes are compared as the 32-bit floats that XGBoost makes of them, so that a caller who prints them as such is understood.
 */
export function categoryNames({ values, other }: Extract<FeatureEncoding, { kind: 'category' }>): NameOfCode {
  const names = new Map<number, string>();
  for (const name of Object.keys(values).toSorted(byCodeUnits)) {
    const code = Math.fround(values[name] ?? other);
    if (!names.has(code)) names.set(code, name);
  }
  names.set(Math.fround(other), otherCategory);
  return (code) => names.get(Math.fround(code)) ?? unknownCode;
}

/** The same order everywhere, whatever the locale. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
