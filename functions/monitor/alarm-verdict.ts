import type { Monitoring } from '@tidemark/domain/definition/monitoring.schema.ts';
import type { WindowMark } from '@tidemark/domain/registry/records.schema.ts';

/** The most windows that an alarm may look at: `monitoring.alarm.outOf` has the same limit. */
const longestMemory = 7;

/** What is older says nothing of today: as long as everything else that monitoring remembers, 31 days. */
const memoryMilliseconds = 31 * 86_400_000;

/** How a window counts for an alarm. */
export interface AlarmVerdict {
  /** The windows that were judged last, this one among them, in the order of their ends. */
  readonly marks: WindowMark[];
  /** 1: the alarm is on; 0: it is off; `null`: this window said nothing, and the alarm stays as it is. */
  readonly verdict: 0 | 1 | null;
  /** Windows of this version that have moved, among those that the alarm looks at. */
  readonly moved: number;
}

/**
 * Counts the windows that have moved among the latest `outOf` that could be judged: those of this version only, so that one bad window of
 * a new version does not complete what its predecessor began. A window without a measure is not counted, and one that is judged again
 * counts once.
 * @param measure of this window: 1, 0, or `null` if unknown
 */
export function judgeAlarm(
  before: readonly WindowMark[],
  window: Pick<WindowMark, 'windowId' | 'end' | 'version'>,
  measure: number | null,
  { windows, outOf }: Monitoring['alarm'],
): AlarmVerdict {
  const { windowId, version } = window;
  const end = Date.parse(window.end);
  const others = before.filter(
    (mark) => mark.windowId !== windowId && Date.parse(mark.end) > end - memoryMilliseconds,
  );
  const own = measure === null ? [] : [{ windowId, version, end: window.end, moved: measure > 0 }];
  const marks = [...others, ...own].sort((a, b) => Date.parse(a.end) - Date.parse(b.end));
  const latest = marks.filter((mark) => Date.parse(mark.end) <= end).slice(-outOf);
  const moved = latest.filter((mark) => mark.version === version && mark.moved).length;
  return {
    marks: marks.slice(-longestMemory),
    verdict: measure === null ? null : moved >= windows ? 1 : 0,
    moved,
  };
}

/** How far a window has come towards the alarm, for people. */
export function alarmSentence(
  { verdict, moved }: AlarmVerdict,
  { windows, outOf }: Monitoring['alarm'],
): string {
  const counted = `${moved} of the latest ${outOf} windows that could be judged ${moved === 1 ? 'is such a window' : 'are such windows'} of this version`;
  return verdict === 1
    ? `The alarm is on: ${counted}.`
    : `The alarm is off: ${counted}, and it asks for ${windows}.`;
}
