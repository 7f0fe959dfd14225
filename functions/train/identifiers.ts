/** Whole numbers of a column as they stand in some rows. */
export interface WholeNumbers {
  /** In the order of the rows, or of their times. */
  readonly values: Float64Array;
  /** How many different values there are, and how many different rows. */
  readonly distinctValues: number;
  readonly distinctRows: number;
  /** Files that the rows come from: the order begins again in each. */
  readonly files: number;
}

/** Values that are looked at together where their density is estimated. */
const neighbours = 50;
/** So many equal pairs chance must have made; that it made none then has a probability of e^-10, 0.00005. */
const expectedPairs = 10;
/** Slips of a keyboard repeat a few identifiers. */
const repeatedShare = 0.02;
/** Fewer values that rise may do so by chance, or by a habit of one file. */
const minimumRising = 50;
/** Identifiers that are given out in turn are spread evenly; amounts that a file is sorted by are not. */
const mostUneven = 4;

/**
 * Whether whole numbers count rows rather than describe them, as those of an identifier do: nearly all differ, though they lie so close
 * that chance would have repeated some, or they rise evenly with every row. That all differ is not enough: amounts in cents do, too.
 */
export function countsRows(numbers: WholeNumbers): boolean {
  const { values, distinctValues, distinctRows } = numbers;
  const repeated = distinctRows - distinctValues;
  if (values.length === 0 || repeated > repeatedShare * distinctRows) return false;
  const expected = pairsByChance(distinct(values));
  if (expected >= expectedPairs) return repeated <= repeatedShare * expected;
  return repeated <= 0 && risesEvenly(numbers);
}

/** Each once, ascending. */
function distinct(values: Float64Array): Float64Array {
  return values.toSorted().filter((value, index, sorted) => value !== sorted[index - 1]);
}

/**
 * How many equal pairs there would be if each value had been drawn by chance from where its neighbours lie: m (m - 1) / 2 pairs of m
 * values among s whole numbers are equal with a probability of 1 / s. An uneven density among neighbours makes more, never fewer.
 */
function pairsByChance(sorted: Float64Array): number {
  let pairs = 0;
  for (let first = 0; first < sorted.length; first += neighbours) {
    const last = Math.min(first + neighbours, sorted.length) - 1;
    const count = last - first + 1;
    const span = (sorted[last] ?? 0) - (sorted[first] ?? 0) + 1;
    pairs += (count * (count - 1)) / 2 / span;
  }
  return pairs;
}

function risesEvenly({ values, files }: WholeNumbers): boolean {
  if (values.length < minimumRising) return false;
  const steps = values.subarray(1).map((value, index) => value - (values[index] ?? 0));
  const rises = steps.filter((step) => step > 0);
  const falls = steps.filter((step) => step < 0);
  // The newest row first is as usual as the oldest first.
  const [along, against] = rises.length > falls.length ? [rises, falls] : [falls, rises];
  return against.length < files && isEven(along.map(Math.abs));
}

/** Whether steps are about as long early as late; by medians, as a step to another range of numbers is long. */
function isEven(steps: Float64Array): boolean {
  const quarters = [0, 1, 2, 3].map((quarter) =>
    median(steps.subarray((quarter * steps.length) / 4, ((quarter + 1) * steps.length) / 4)),
  );
  return Math.max(...quarters) <= mostUneven * Math.min(...quarters);
}

function median(numbers: Float64Array): number {
  return numbers.toSorted()[Math.floor(numbers.length / 2)] ?? 0;
}
