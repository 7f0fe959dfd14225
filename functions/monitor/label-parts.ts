/** A share of all inference ids, so that labels that are too many for memory are dealt with share by share. */
export interface LabelPart {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

export const everyLabel: LabelPart = { index: 0, of: 1 };

/** The fewest parts so that each has no more labels than are joined at a time, give or take what chance does. */
export function labelParts(labels: number, atATime: number): LabelPart[] {
  const of = Math.max(1, Math.ceil(labels / atATime));
  return Array.from({ length: of }, (_, index) => ({ index, of }));
}

/** Whether an id belongs to the part. Each id belongs to one part of as many, always the same one. */
export function isInPart(inferenceId: string, { index, of }: LabelPart): boolean {
  if (of === 1) return true;
  // FNV-1a (Fowler, Noll and Vo), 32 bits: millions of ids a second, where a cryptographic hash takes as long as all the rest.
  let hash = 0x811c9dc5;
  for (let position = 0; position < inferenceId.length; position += 1) {
    hash = Math.imul(hash ^ inferenceId.charCodeAt(position), 0x01000193) >>> 0;
  }
  return hash % of === index;
}
