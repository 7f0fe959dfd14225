/** Uniform numbers in [0, 1), the same for the same seed: Mulberry32, 32 bits of state, public domain. */
export function seededUniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers, the same for the same seed, by Box and Muller's transform. */
export function seededNormal(seed: number): () => number {
  const uniform = seededUniform(seed);
  // 1 - u lies in (0, 1], where the logarithm is finite.
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
