/** Numbers that are sorted at a time at most: their keys and copies stay in the second-level cache. */
export const sortedAtOnce = 2048;

/** Bits of a key that each of the three rounds looks at. */
const [firstBits, secondBits, thirdBits] = [11, 11, 10];
const mask = 2 ** firstBits - 1;
/** Moves that put right what the keys cannot tell apart, for each number; beyond it the engine's sort is faster. */
const movesPerNumber = 8;

const firstStarts = new Uint32Array(2 ** firstBits);
const secondStarts = new Uint32Array(2 ** secondBits);
const thirdStarts = new Uint32Array(2 ** thirdBits);
const keys = new Uint32Array(sortedAtOnce);
const movedKeys = new Uint32Array(sortedAtOnce);
const moved = new Float64Array(sortedAtOnce);
const movedAgain = new Float64Array(sortedAtOnce);

const one = new Uint32Array(Float64Array.of(1).buffer);
/** Where the half with the sign and the exponent stands: 1 has all its bits in it. */
const highHalf = one[1] === 0 ? 0 : 1;

/**
 * Sorts up to 2,048 numbers in place, none of them NaN or -0, three to four times as fast as the engine does: by the upper 32 bits of each, a third of them at a
 * time (a radix sort, lowest digits first), and what is equal in those by insertion.
 */
export function sortNumbers(numbers: Float64Array): void {
  makeKeys(numbers);
  const count = numbers.length;
  for (let index = 0; index < count; index += 1) {
    const key = keys[index] ?? 0;
    const to = taken(firstStarts, key & mask);
    movedKeys[to] = key;
    moved[to] = numbers[index] ?? 0;
  }
  for (let index = 0; index < count; index += 1) {
    const key = movedKeys[index] ?? 0;
    const to = taken(secondStarts, (key >>> firstBits) & mask);
    keys[to] = key;
    movedAgain[to] = moved[index] ?? 0;
  }
  for (let index = 0; index < count; index += 1) {
    const key = keys[index] ?? 0;
    numbers[taken(thirdStarts, key >>> (firstBits + secondBits))] = movedAgain[index] ?? 0;
  }
  if (!insertionSorted(numbers)) numbers.sort();
}

/** Keys that are ordered as the numbers are, and where the numbers with each third of a key start. */
function makeKeys(numbers: Float64Array): void {
  for (const starts of [firstStarts, secondStarts, thirdStarts]) starts.fill(0);
  const halves = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  for (let index = 0; index < numbers.length; index += 1) {
    const half = halves[2 * index + highHalf] ?? 0;
    // A negative number's bits count down: all are turned round, of a positive one only the sign.
    const key = (half ^ ((half >> 31) | 0x80000000)) >>> 0;
    keys[index] = key;
    taken(firstStarts, key & mask);
    taken(secondStarts, (key >>> firstBits) & mask);
    taken(thirdStarts, key >>> (firstBits + secondBits));
  }
  for (const starts of [firstStarts, secondStarts, thirdStarts]) {
    let before = 0;
    for (let digit = 0; digit < starts.length; digit += 1) {
      const count = starts[digit] ?? 0;
      starts[digit] = before;
      before += count;
    }
  }
}

/** Counts one up. @returns what it was before */
function taken(counts: Uint32Array, digit: number): number {
  const count = counts[digit] ?? 0;
  counts[digit] = count + 1;
  return count;
}

/** Sorts what is nearly in order. @returns false when it was not, and it gave up */
function insertionSorted(numbers: Float64Array): boolean {
  let moves = movesPerNumber * numbers.length;
  for (let index = 1; index < numbers.length; index += 1) {
    const value = numbers[index] ?? 0;
    let at = index;
    for (; at > 0 && (numbers[at - 1] ?? 0) > value; at -= 1) numbers[at] = numbers[at - 1] ?? 0;
    numbers[at] = value;
    moves -= index - at;
    if (moves < 0) return false;
  }
  return true;
}
