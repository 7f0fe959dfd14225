import * as z from 'zod';

const sectionsSchema = z.array(
  z.looseObject({ type: z.string(), path: z.array(z.union([z.string(), z.number()])) }),
);

/**
 * Puts the parts of an update into an order in which dynalite, which applies one after the other, does what DynamoDB does, where every
 * path is of the item as it was: what is set first, then what is removed, the last element of a list before those in front of it.
 */
export function inSafeOrder(sections: unknown): unknown {
  const parsed = sectionsSchema.safeParse(sections);
  if (!parsed.success) return sections;
  const removes = ({ type }: { type: string }) => type === 'remove' || type === 'delete';
  return [
    ...parsed.data.filter((section) => !removes(section)),
    ...parsed.data.filter(removes).sort((one, other) => backwards(one.path, other.path)),
  ];
}

type Path = readonly (string | number)[];

/** Later elements of one list first; what is inside an element before the element itself. */
function backwards(one: Path, other: Path): number {
  for (const [index, step] of one.entries()) {
    const beside = other[index];
    if (beside === undefined) return -1;
    if (step === beside) continue;
    if (typeof step === 'number' && typeof beside === 'number') return beside - step;
    return String(step) < String(beside) ? -1 : 1;
  }
  return one.length === other.length ? 0 : 1;
}
