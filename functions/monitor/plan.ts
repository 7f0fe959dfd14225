import { captureSourceOf } from '../capture/capture-key.ts';
import type { CaptureObject, Window } from '../windows/window.schema.ts';

/**
 * How long after its hour a capture may still arrive: Firehose retries S3 for a day at most, and calls the object by the hour in
 * which its first record came; SageMaker calls one by the hour of its predictions and states no limit. Twice the longest that is stated.
 */
const latenessHours = 48;
/** How far a model's first window goes back: a daily window, and a week for those who turn monitoring on late. */
const firstWindowHours = 8 * 24;

/** What a slice, and a window, may hold. What does not fit is left for the next window. */
export interface PlanLimits {
  /** Stored bytes per slice; an object that is larger has a slice of its own. */
  readonly sliceBytes: number;
  readonly sliceObjects: number;
  readonly windowSlices: number;
  readonly windowObjects: number;
}

export const planLimits: PlanLimits = {
  // Unpacked tenfold at most, a function reads them in a few of its fifteen minutes.
  sliceBytes: 64 * 2 ** 20,
  // Each costs a request of some 30 ms; one after the other, a quarter of a minute.
  sliceObjects: 500,
  // Their results stay far below the 256 KiB that a state machine's state may hold.
  windowSlices: 1000,
  // `window.json` stays in the tens of megabytes.
  windowObjects: 100_000,
};

/** What belongs to a window, and what it hands on. */
export type WindowPlan = Pick<Window, 'captures' | 'complete' | 'slices' | 'lookBack'>;

/** When a window was to close, and when it did. */
export interface Closing {
  readonly end: Date;
  readonly startedAt: Date;
}

/**
 * The hour from which captures are listed.
 * @param previous the window that was finished before; `undefined` for the first
 */
export function hourToListFrom(previous: WindowPlan | undefined, closing: Closing): string {
  return previous?.lookBack.next ?? hourBefore(closing, firstWindowHours);
}

/**
 * Gives every capture that no earlier window has to this one, whenever it arrived and whatever its clock says, and cuts them into
 * slices. Captures of one time are next to each other, as repeats of a prediction are.
 * @param listed captures of the hour of `hourToListFrom` and later, each key once, in any order
 * @param previous the window that was finished before; `undefined` for the first
 */
export function planWindow(
  listed: readonly CaptureObject[],
  previous: WindowPlan | undefined,
  closing: Closing,
  limits = planLimits,
): WindowPlan {
  const from = hourToListFrom(previous, closing);
  const earlier = [
    ...(previous?.lookBack.consumed ?? []),
    ...(previous?.captures ?? []).map(({ key }) => key),
  ];
  const consumed = earlier.filter((key) => isListed(key, from)).sort();
  const known = new Set(consumed);
  const fresh = listed.filter(({ key }) => isListed(key, from) && !known.has(key)).sort(byHourAndKey);
  const slices = cut(fresh, limits);
  const last = slices.at(-1);
  const captures = fresh.slice(0, last ? last.first + last.count : 0);
  const complete = captures.length === fresh.length;
  const next = complete ? later(from, hourBefore(closing, latenessHours)) : from;
  return { captures, complete, slices, lookBack: { from, consumed, next } };
}

/** The hour that a capture's key names, `2026/03/01/14`, or `undefined` for what is no capture. */
function hourOfKey(key: string): string | undefined {
  return /\/(\d{4}\/\d{2}\/\d{2}\/\d{2})\/[^/]+$/.exec(key)?.[1];
}

const hourMilliseconds = 3_600_000;

/**
 * The hour, as keys have it, so long before the window closed. The earlier of scheduled end and start counts: an execution may begin
 * late, or be given a time that is yet to come.
 */
function hourBefore({ end, startedAt }: Closing, hours: number): string {
  const closed = Math.min(end.getTime(), startedAt.getTime());
  return new Date(closed - hours * hourMilliseconds).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
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
