import type { Monitoring } from '@tidemark/domain/definition/monitoring.schema.ts';
import type { Episode, EpisodeKind } from '@tidemark/domain/registry/records.schema.ts';

/**
 * What a window says of one kind of trouble: `moved`, it is there; `clear`, it clearly is not; `unclear`, neither; `unknown`, too
 * little was seen to say anything.
 */
export type Sign = 'moved' | 'unclear' | 'clear' | 'unknown';

/** A window that was judged, of the version that is live. */
export interface JudgedWindow {
  readonly version: number;
  readonly windowId: string;
  readonly end: Date;
  /** How long after an episode began its alarm counts as gone off, whether or not that was heard of: see `alarmDueMilliseconds`. */
  readonly alarmDueMilliseconds: number;
}

/** What becomes of an episode, and what is said of it. */
export interface EpisodeDecision {
  /** The episode that is on after this window; `null` for none. */
  readonly episode: Episode | null;
  readonly begun: boolean;
  /** The episode that ended with this window. */
  readonly ended: Episode | null;
  /** It continues, has raised its alarm or should have, and no retraining answers it: retraining may decide again. */
  readonly isUnanswered: boolean;
}

/**
 * An episode begins with the first window that has moved and ends with the first that is clear, or with the version that it is about.
 * A window that is neither changes nothing: the gap between both keeps an episode from flickering.
 * @param isAnswered whether a retraining answers the episode that is on: see `isAnswer`
 */
export function decideEpisode(
  kind: EpisodeKind,
  current: Episode | null,
  sign: Sign,
  window: JudgedWindow,
  isAnswered: boolean,
): EpisodeDecision {
  const ofVersion = current?.version === window.version ? current : null;
  const replaced = current !== ofVersion ? current : null;
  if (!ofVersion) {
    const episode = sign === 'moved' ? begin(kind, window) : null;
    return { episode, begun: episode !== null, ended: replaced, isUnanswered: false };
  }
  if (sign === 'clear') return { episode: null, begun: false, ended: ofVersion, isUnanswered: false };
  const hasSounded = ofVersion.alarmedAt !== null || isAlarmDue(ofVersion, window);
  const isUnanswered = sign !== 'unknown' && hasSounded && !isAnswered;
  return { episode: ofVersion, begun: false, ended: null, isUnanswered };
}

const periodMilliseconds = { hour: 3_600_000, day: 86_400_000 } as const;

/** As many windows as the alarm looks at: an episode that has lasted so long has sounded it. */
export function alarmDueMilliseconds({ every, alarm }: Pick<Monitoring, 'every' | 'alarm'>): number {
  return alarm.outOf * periodMilliseconds[every];
}

/**
 * An alarm that was on when the episode began, as it was for the version before, does not go off again: CloudWatch tells of changes
 * only. Without this an episode that follows another at once would never be answered.
 */
function isAlarmDue({ since }: Episode, window: JudgedWindow): boolean {
  return window.end.getTime() - Date.parse(since) >= window.alarmDueMilliseconds;
}

/** The version that was judged is no longer live: what was on is over, whatever the window says. */
export function endEpisode(current: Episode | null): EpisodeDecision {
  return { episode: null, begun: false, ended: current, isUnanswered: false };
}

/** What CloudWatch gets: 1 in an episode, 0 outside one, nothing if unknown. */
export function measureOf({ episode }: EpisodeDecision, sign: Sign): number | null {
  if (sign === 'unknown') return null;
  return episode === null ? 0 : 1;
}

function begin(kind: EpisodeKind, { version, windowId, end }: JudgedWindow): Episode {
  return {
    episodeId: `${kind}-${version}-${windowId}`,
    version,
    since: end.toISOString(),
    windowId,
    alarmedAt: null,
    retrainingId: null,
  };
}
