import { captureSourceOf } from '@tidemark/domain/captures/capture-key.ts';
import type { CaptureObject, Window } from '@tidemark/domain/windows/window.schema.ts';

/**
 * How long after its hour a capture may be expected: Firehose retries S3 for a day at most, and calls the object by the hour in
 * which its first record came; SageMaker calls one by the hour of its predictions and states no limit. Twice the longest that is stated.
 */
const latenessHours = 48;
/** What comes later is looked for once a day. */
const sweepHours = 24;
/** As long as windows remember predictions: what is older may have been counted before. */
const rememberedHours = 31 * 24;
/** How far a model's first window goes back: a daily window, and a week for those who turn monitoring on late. */
const firstWindowHours = 8 * 24;

/** What a slice, and a window, may hold. What does not fit is left for the next window. */
export interface PlanLimits {
  /** Stored bytes per slice; an object that is larger has a slice of its own. */
  readonly sliceBytes: number;
  readonly sliceObjects: number;
  readonly windowSlices: number;
  readonly windowObjects: number;
  readonly sweptObjects: number;
}

export const planLimits: PlanLimits = {
  // Unpacked tenfold at most, a function reads them in a few of its fifteen minutes.
  sliceBytes: 64 * 2 ** 20,
  // Each costs a request of some 30 ms; one after the other, a quarter of a minute.
  sliceObjects: 500,
  // What each says of itself when it fails stays below the 256 KiB that a state machine's state may hold: see `monitor.asl.json`.
  windowSlices: 500,
  // `window.json` stays in the tens of megabytes.
  windowObjects: 100_000,
  // 500 requests of some 200 ms each take a third of the function's five minutes. Firehose makes 12 objects an hour: that is decades.
  sweptObjects: 500_000,
};

/** What belongs to a window, and what it hands on. */
export type CapturePlan = Pick<Window, 'captures' | 'complete' | 'slices' | 'late' | 'lookBack'>;

/** What was planned. */
export interface PlannedWindow extends CapturePlan {
  /** Keys that `swept.known` is to have from now on; `null`: this is not a sweep. */
  readonly known: readonly string[] | null;
}

export interface PlanOptions {
  /** Whether `swept.known` of the window before has a key. */
  readonly isKnown?: (key: string) => boolean;
  readonly limits?: PlanLimits;
}

/** When a window was to close, and when it did. */
export interface WindowClosing {
  readonly end: Date;
  readonly startedAt: Date;
}

/**
 * The hour from which captures are listed.
 * @param previous the window that was finished before; `undefined` for the first
 */
export function hourToListFrom(previous: CapturePlan | undefined, closing: WindowClosing): string {
  if (!previous) return hourBefore(closing, firstWindowHours);
  const { next, swept } = previous.lookBack;
  return isSweepDue(previous, closing) ? swept.from : next;
}

function isSweepDue({ lookBack }: CapturePlan, closing: WindowClosing): boolean {
  return closedAt(closing) - Date.parse(lookBack.swept.at) >= sweepHours * hourMilliseconds;
}

/**
 * Gives every capture that no earlier window has to this one, whenever it arrived and whatever its clock says, and cuts them into
 * slices. Captures of one time are next to each other, as repeats of a prediction are.
 * @param listed captures of the hour of `hourToListFrom` and later, each key once, in any order
 * @param previous the window that was finished before; `undefined` for the first
 */
export function planWindow(
  listed: readonly CaptureObject[],
  previous: CapturePlan | undefined,
  closing: WindowClosing,
  { isKnown = () => false, limits = planLimits }: PlanOptions = {},
): PlannedWindow {
  const from = hourToListFrom(previous, closing);
  const expected = previous?.lookBack.next ?? from;
  const consumed = consumedBefore(previous);
  const given = new Set(consumed);
  const sweptUntil = previous?.lookBack.swept.until ?? from;
  const isUnseen = (key: string) => (isListed(key, sweptUntil) ? !given.has(key) : !isKnown(key));
  const unseen = listed.filter(({ key }) => isListed(key, from) && isUnseen(key));
  const oldest = earlier(expected, hourBefore(closing, rememberedHours));
  const fresh = unseen.filter(({ key }) => isListed(key, oldest)).sort(byHourAndKey);
  const slices = cut(fresh, limits);
  const last = slices.at(-1);
  const captures = fresh.slice(0, last ? last.first + last.count : 0);
  const complete = captures.length === fresh.length;
  const next = complete ? later(expected, hourBefore(closing, latenessHours)) : expected;
  const late = {
    taken: captures.filter(({ key }) => !isListed(key, expected)).length,
    left: unseen.length - fresh.length,
  };
  const rest = new Set(fresh.slice(captures.length).map(({ key }) => key));
  const seen = listed.map(({ key }) => key).filter((key) => !rest.has(key));
  const { swept, known } = sweep(seen, previous, closing, { from, next }, limits);
  return { captures, complete, slices, late, lookBack: { from, consumed, next, swept }, known };
}

/** Keys that windows have, but for those that the last sweep knows. */
function consumedBefore(previous: CapturePlan | undefined): string[] {
  if (!previous) return [];
  const { captures, lookBack } = previous;
  return [...lookBack.consumed, ...captures.map(({ key }) => key)]
    .filter((key) => isListed(key, lookBack.swept.until))
    .sort();
}

/** @param seen every key that was listed and need not be looked at again */
function sweep(
  seen: readonly string[],
  previous: CapturePlan | undefined,
  closing: WindowClosing,
  { from, next }: Pick<CapturePlan['lookBack'], 'from' | 'next'>,
  { sweptObjects }: PlanLimits,
): { swept: CapturePlan['lookBack']['swept']; known: string[] | null } {
  const at = new Date(closedAt(closing)).toISOString();
  if (!previous) return { swept: { at, from, until: from, known: null }, known: null };
  if (!isSweepDue(previous, closing)) return { swept: previous.lookBack.swept, known: null };
  const hours = seen.flatMap((key) => hourOfKey(key) ?? []).filter((hour) => hour >= from && hour < next);
  // So many of the latest: a sweep must end in the time that its function has.
  const reached = hours.sort().at(-sweptObjects) ?? from;
  const known = seen.filter((key) => isListed(key, reached) && !isListed(key, next));
  return { swept: { at, from: reached, until: next, known: null }, known };
}

/** The hour that a capture's key names, `2026/03/01/14`, or `undefined` for anything but a capture. */
function hourOfKey(key: string): string | undefined {
  return /\/(\d{4}\/\d{2}\/\d{2}\/\d{2})\/[^/]+$/.exec(key)?.[1];
}

const hourMilliseconds = 3_600_000;

/**
 * The hour, as keys have it, so long before the window closed. The earlier of scheduled end and start counts: an execution may begin
 * late, or be given a time that is yet to come.
 */
function hourBefore(closing: WindowClosing, hours: number): string {
  const time = new Date(closedAt(closing) - hours * hourMilliseconds);
  return time.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
}

function closedAt({ end, startedAt }: WindowClosing): number {
  return Math.min(end.getTime(), startedAt.getTime());
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

/** Never back, as keys from before are not remembered. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}

function isListed(key: string, from: string): boolean {
  const hour = hourOfKey(key);
  return hour !== undefined && hour >= from;
}

/** What the function captured comes before what SageMaker captured of the same hour, as it is raw and is taken of the two. */
function byHourAndKey(one: CaptureObject, other: CaptureObject): number {
  const [a, b] = [one, other].map(({ key }) => {
    const by = captureSourceOf(key)?.kind === 'function' ? 0 : 1;
    return `${hourOfKey(key)}/${by}/${key}`;
  });
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

function cut(captures: readonly CaptureObject[], limits: PlanLimits): Window['slices'] {
  const slices: { first: number; count: number }[] = [];
  let bytes = 0;
  for (const [index, { size }] of captures.slice(0, limits.windowObjects).entries()) {
    const slice = slices.at(-1);
    const fits = slice && slice.count < limits.sliceObjects && bytes + size <= limits.sliceBytes;
    if (fits) {
      slice.count += 1;
      bytes += size;
    } else {
      if (slices.length === limits.windowSlices) break;
      slices.push({ first: index, count: 1 });
      bytes = size;
    }
  }
  return slices;
}
