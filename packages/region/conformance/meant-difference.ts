import type { Discrepancy } from './compare.ts';
import type { ServiceName } from './services.ts';
import type { ImplementationName } from './worlds/world.ts';

/** A difference that is meant, and who answers as AWS does. */
export interface MeantDifference {
  readonly from: ImplementationName;
  readonly service: ServiceName;
  /** Steps that have it, by scenario and label (`conditional writes: PutObject …`). */
  readonly steps: RegExp;
  /** How many steps it explains: an entry must not hide what it was not written for. */
  readonly count: number;
  /** Members that differ. */
  readonly paths: RegExp;
  /** Who answers as AWS. `neither` also where AWS promises nothing, `unknown` where no source was found. */
  readonly right: 'ours' | 'theirs' | 'neither' | 'unknown';
  readonly because: string;
  /** AWS's documentation, or an answer recorded on AWS. */
  readonly source: string;
}

/** The entry that explains a discrepancy. */
export function explanation(
  table: readonly MeantDifference[],
  { from, service, step }: { from: ImplementationName; service: ServiceName; step: string },
  { path }: Discrepancy,
): MeantDifference | undefined {
  return table.find(
    (entry) =>
      entry.from === from &&
      entry.service === service &&
      entry.steps.test(step) &&
      new RegExp(`^(?:${entry.paths.source})$`).test(path),
  );
}
