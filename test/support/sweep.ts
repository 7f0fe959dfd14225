import { createHash } from 'node:crypto';
import * as z from 'zod';

/** `npm run test:long` says `whole`; `npm test` runs samples. Another seed draws other samples. */
const { SWEEP, SWEEP_SEED } = z
  .object({ SWEEP: z.enum(['sample', 'whole']).default('sample'), SWEEP_SEED: z.string().default('1') })
  .parse(process.env);

export const isWholeSweep = SWEEP === 'whole';

/** How many runs a property has: the first number in a sample, the second in a whole sweep. */
export const runsOf = (sample: number, whole: number): number => (isWholeSweep ? whole : sample);

interface Sampling<Case> {
  /** How many cases a sample has at least, where there are so many. */
  readonly size?: number;
  /** What a case is an example of. A sample has at least one case of each kind. */
  readonly kindOf?: (each: Case) => string;
  /** What else decides the draw, where several samples are drawn from the same cases. */
  readonly salt?: string;
}

/**
 * Cases of a sweep, for a file that `vitest.long.config.ts` names among `sweeps`: all of them in `npm run test:long`, a sample in `npm test`.
 * The sample is the same for the same cases and the same `SWEEP_SEED`: cases are put in the order of a hash of the seed and their place;
 * the first of each kind and then as many others as are asked for are in it, in their old order.
 */
export function sweep<Case>(
  cases: readonly Case[],
  { size = 0, kindOf = () => '', salt = '' }: Sampling<Case>,
): readonly Case[] {
  if (isWholeSweep) return cases;
  return drawn(cases, { size, kindOf, seed: `${SWEEP_SEED}${salt}` });
}

/** The draw itself. */
export function drawn<Case>(
  cases: readonly Case[],
  { size, kindOf, seed }: { size: number; kindOf: (each: Case) => string; seed: string },
): readonly Case[] {
  const order = cases
    .map((each, place) => ({ each, place, kind: kindOf(each), rank: rankOf(seed, place) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const kinds = new Set<string>();
  const firsts = order.filter(({ kind }) => !kinds.has(kind) && kinds.add(kind));
  const others = order.filter((one) => !firsts.includes(one)).slice(0, Math.max(0, size - firsts.length));
  return [...firsts, ...others].sort((a, b) => a.place - b.place).map(({ each }) => each);
}

const rankOf = (seed: string, place: number) => createHash('sha256').update(`${seed} ${place}`).digest('hex');
