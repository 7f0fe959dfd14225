import type { LabelObject, Window } from '@tidemark/domain/windows/window.schema.ts';

/**
 * How long an upload in parts may last: S3 dates an object by the upload's beginning. And how late a prediction may be captured after
 * its label has come; see `latenessHours` in `capture-plan.ts`.
 */
const latenessMilliseconds = 48 * 3_600_000;
/** How old a label may be that the model's first window takes. */
const firstWindowMilliseconds = 8 * 24 * 3_600_000;
/** Objects of labels per window: their names stay a few megabytes. What is left is the next window's. */
const maximumObjects = 10_000;
/**
 * Bytes of labels per window, unpacked, unless one object alone has more. Some five million labels, which a function joins in one go;
 * what is left is the next window's.
 */
const maximumBytes = 256 * 2 ** 20;
/** Bytes of labels that came with windows before and are looked at for predictions that come only now; the latest. */
const maximumRecentBytes = 2 ** 30;
/** How much larger a packed file of labels may be when it is unpacked. */
const packedFactor = 8;

/** Which labels belong to a window. */
export type LabelPlan = Window['labels'];

/**
 * Gives every object of labels that no earlier window has to this one. A file that is written again is another version and comes
 * again; which of several labels of one prediction counts is settled when they are joined.
 * @param listed all objects of the model's labels, in any order
 * @param previous of the window that was finished before
 * @param startedAt by the clock of S3
 */
export function planLabels(
  listed: readonly LabelObject[],
  previous: LabelPlan | undefined,
  startedAt: Date,
): LabelPlan {
  const started = startedAt.getTime();
  const from = previous?.next ?? new Date(started - firstWindowMilliseconds).toISOString();
  const considered = listed.filter(({ modifiedAt }) => modifiedAt >= from);
  const known = new Set([...(previous?.objects ?? []), ...(previous?.recent ?? [])].map(nameOf));
  const fresh = considered.filter((object) => !known.has(nameOf(object))).sort(byTimeAndKey);
  const objects = fresh.slice(0, howManyFit(fresh));
  const arriving = new Date(started - latenessMilliseconds).toISOString();
  return {
    objects,
    recent: considered.filter((object) => known.has(nameOf(object))).sort(byTimeAndKey),
    next: objects.length < fresh.length || arriving < from ? from : arriving,
  };
}

/** The latest labels of those that came before, in their order, as far as there is time to read them again. */
export function recentEnough(recent: readonly LabelObject[]): LabelObject[] {
  const latest = recent.toReversed();
  return latest.slice(0, howManyFit(latest, maximumRecentBytes)).reverse();
}

/** How many of the first fit into so many bytes; one does, however large it is. */
function howManyFit(objects: readonly LabelObject[], maximum = maximumBytes): number {
  let bytes = 0;
  for (const [index, object] of objects.slice(0, maximumObjects).entries()) {
    bytes += unpackedBytes(object);
    if (bytes > maximum && index > 0) return index;
  }
  return Math.min(objects.length, maximumObjects);
}

function unpackedBytes({ key, size }: LabelObject): number {
  return key.endsWith('.gz') ? size * packedFactor : size;
}

function nameOf({ key, versionId }: LabelObject): string {
  return `${versionId} ${key}`;
}

function byTimeAndKey(one: LabelObject, other: LabelObject): number {
  if (one.modifiedAt !== other.modifiedAt) return one.modifiedAt < other.modifiedAt ? -1 : 1;
  return one.key < other.key ? -1 : 1;
}
