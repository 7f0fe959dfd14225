/** Kullback-Leibler divergence Σ p ln(p / q), in nats; infinite where q is 0 and p is not. */
export function kullbackLeibler(p: readonly number[], q: readonly number[]): number {
  return p.reduce(
    (sum, share, bin) => (share === 0 ? sum : sum + share * Math.log(share / (q[bin] ?? 0))),
    0,
  );
}

/** Hellinger distance √(1 - Σ √(pq)). */
export function hellinger(p: readonly number[], q: readonly number[]): number {
  return Math.sqrt(1 - p.reduce((sum, share, bin) => sum + Math.sqrt(share * (q[bin] ?? 0)), 0));
}

/** Evidently's way with empty bins: 0 becomes 1e-4, or a millionth of the least share if that is no more; shares are not made to add up again. */
export function filled(shares: readonly number[]): number[] {
  const least = Math.min(...shares.filter((share) => share > 0));
  const fill = least <= 1e-4 ? least / 1e6 : 1e-4;
  return shares.map((share) => (share === 0 ? fill : share));
}

/** Evidently's population stability index of shares. */
export function evidentlyPsi(reference: readonly number[], current: readonly number[]): number {
  const [p, q] = [filled(reference), filled(current)];
  return p.reduce((sum, share, bin) => {
    const other = q[bin] ?? 0;
    return sum + (share - other) * Math.log(share / other);
  }, 0);
}

/** numpy's histogram with Sturges' rule on both samples pooled: equal bins, the last one closed. */
export function sturgesShares(
  reference: readonly number[],
  current: readonly number[],
): [number[], number[]] {
  const pooled = [...reference, ...current];
  const low = Math.min(...pooled);
  const high = Math.max(...pooled);
  const bins = Math.ceil(Math.log2(pooled.length) + 1);
  const sharesOf = (values: readonly number[]) => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values) {
      const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts.map((count) => count / values.length);
  };
  return [sharesOf(reference), sharesOf(current)];
}
