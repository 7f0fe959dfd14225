/** Rows of a class, and those of them in which a column has a value. */
export interface ClassPresence {
  readonly label: number;
  readonly rows: number;
  readonly present: number;
}

/** Rows that have, or lack, a value of a column, of a target that is a number. */
export interface RangePresence {
  readonly rows: number;
  /** Smallest and largest target among them; `null` without rows. */
  readonly lowest: number | null;
  readonly highest: number | null;
}

/** What having a value, or having none, tells of the answer. */
export type MissingnessLeak =
  | {
      readonly of: 'class';
      readonly side: 'with' | 'without';
      readonly label: number;
      /** Rows of that side, and those of them that are of the class. */
      readonly rows: number;
      readonly ofClass: number;
    }
  | {
      readonly of: 'range';
      readonly side: 'with' | 'without';
      readonly rows: number;
      readonly lowest: number;
      readonly highest: number;
    };

/** Of so many rows at least something can be said: as of a category. */
const minimumRows = 10;
/** Rows of other classes that are slips of a keyboard: at most this share of the rows, and of what chance would give. */
const [straysOfRows, straysOfChance] = [0.02, 0.1];
/** The chance that a column which tells nothing looks as if it did, below which it is not taken for chance: of 2,000 columns, none. */
const log10Chance = -6;
/** A side whose targets take in more than this share of all tells too little to be called the answer. */
const widestRange = 0.5;

/** Judges having a value as a feature of its own, where the answer is a class. */
export function leakByPresence(classes: readonly ClassPresence[]): MissingnessLeak | undefined {
  const total = sum(classes.map(({ rows }) => rows));
  const sides = [
    { side: 'with' as const, of: ({ present }: ClassPresence) => present },
    { side: 'without' as const, of: ({ rows, present }: ClassPresence) => rows - present },
  ];
  for (const { side, of } of sides) {
    const rows = sum(classes.map(of));
    const most = classes.toSorted((a, b) => of(b) - of(a))[0];
    if (most && isOneClass({ rows, ofClass: of(most), share: most.rows / total })) {
      return { of: 'class', side, label: most.label, rows, ofClass: of(most) };
    }
  }
  return undefined;
}

/** @param side share of the class among all rows */
function isOneClass({ rows, ofClass, share }: { rows: number; ofClass: number; share: number }): boolean {
  if (rows < minimumRows || share >= 1) return false;
  const strays = rows - ofClass;
  const byChance = (1 - share) * rows;
  if (strays > straysOfRows * rows || strays > straysOfChance * byChance) return false;
  return log10AtMost(strays, rows, 1 - share) <= log10Chance;
}

/** Judges having a value as a feature of its own, where the answer is a number. @param quantiles of the target, ascending, evenly spaced */
export function leakByRange(
  sides: { readonly with: RangePresence; readonly without: RangePresence },
  quantiles: readonly number[],
): MissingnessLeak | undefined {
  for (const side of ['with', 'without'] as const) {
    const { rows, lowest, highest } = sides[side];
    if (rows < minimumRows || lowest === null || highest === null) continue;
    const share = shareWithin(quantiles, lowest, highest);
    if (share <= widestRange && rows * Math.log10(share) <= log10Chance) {
      return { of: 'range', side, rows, lowest, highest };
    }
  }
  return undefined;
}

function shareWithin(quantiles: readonly number[], lowest: number, highest: number): number {
  const within = quantiles.filter((quantile) => quantile >= lowest && quantile <= highest).length;
  return Math.max(1, within) / Math.max(1, quantiles.length);
}

/** The common logarithm of the probability of at most so many successes; binomial, summed in logarithms so that it never underflows. */
function log10AtMost(successes: number, trials: number, probability: number): number {
  let term = trials * Math.log(1 - probability);
  let total = term;
  for (let count = 1; count <= successes; count += 1) {
    term += Math.log((trials - count + 1) / count) + Math.log(probability / (1 - probability));
    const larger = Math.max(total, term);
    total = larger + Math.log(Math.exp(total - larger) + Math.exp(term - larger));
  }
  return total / Math.LN10;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
