import type { Monitoring } from '@tidemark/domain/definition/monitoring.schema.ts';
import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';
import type { MonitorRecord, WindowRecord } from '@tidemark/domain/registry/records.schema.ts';
import { alarmSentence, judgeAlarm } from './alarm-verdict.ts';
import { decideEpisode, type EpisodeDecision, endEpisode, measureOf, type Sign } from './episode-decision.ts';
import type { WindowReport } from './report.schema.ts';
import { windowEvents } from './window-events.ts';

/** What the registry says when a window has been judged. */
export interface OutcomeFacts {
  readonly monitor: Pick<MonitorRecord, 'drift' | 'quality' | 'judged'>;
  readonly liveVersion: number | null;
  /** Whether a retraining answers the episode of each kind that is on: see `isAnswer`. */
  readonly isAnswered: { readonly drift: boolean; readonly quality: boolean };
  /** See `alarmDueMilliseconds`. */
  readonly alarmDueMilliseconds: number;
  /** When the alarms go off. */
  readonly alarm: Monitoring['alarm'];
}

/** Where the report is, and what led to it. */
export interface OutcomeContext {
  readonly causeId: string;
  readonly reportKey: string;
}

/** What follows from a report: the episodes that are on, what is published and what is announced. */
export interface WindowOutcome {
  readonly message: string;
  readonly episodes: Pick<MonitorRecord, 'drift' | 'quality'>;
  /** The windows that the alarms count from here on. */
  readonly judged: MonitorRecord['judged'];
  readonly measures: WindowRecord['measures'];
  readonly events: DomainEvent[];
}

/**
 * Decides what follows from a report. One of a version that is no longer live is on record, but says nothing of the one that is: it
 * begins no episode, is excluded from the metrics, and ends the open ones.
 */
export function decideOutcome(
  report: WindowReport,
  { monitor, liveVersion, isAnswered, alarmDueMilliseconds, alarm }: OutcomeFacts,
  { causeId, reportKey }: OutcomeContext,
  now: Date,
): WindowOutcome {
  const { windowId, version } = report;
  const isLive = liveVersion === version;
  const window = { version, windowId, end: new Date(report.end), alarmDueMilliseconds };
  const signs = { drift: driftSign(report), quality: qualitySign(report) };
  const drift = isLive
    ? decideEpisode('drift', monitor.drift, signs.drift, window, isAnswered.drift)
    : endEpisode(monitor.drift);
  const quality = isLive
    ? decideEpisode('quality', monitor.quality, signs.quality, window, isAnswered.quality)
    : endEpisode(monitor.quality);
  const mark = { windowId, version, end: report.end };
  const measures = isLive ? measuresOf(report, signs, drift, quality) : nothingMeasured;
  const alarms = {
    drift: judgeAlarm(monitor.judged.drift, mark, measures.drift, alarm),
    quality: judgeAlarm(monitor.judged.quality, mark, measures.qualityDegraded, alarm),
  };
  const sentences = {
    drift: alarmSentence(alarms.drift, alarm),
    quality: alarmSentence(alarms.quality, alarm),
  };
  const reported = { report, reportKey, causeId, liveVersion, alarms: sentences, now };
  const events = windowEvents(reported, drift, quality);
  return {
    message: events[0]?.detail.message ?? report.headline,
    episodes: { drift: drift.episode, quality: quality.episode },
    judged: { drift: alarms.drift.marks, quality: alarms.quality.marks },
    measures: { ...measures, driftAlarm: alarms.drift.verdict, qualityAlarm: alarms.quality.verdict },
    events,
  };
}

type Measured = Omit<WindowRecord['measures'], 'driftAlarm' | 'qualityAlarm'>;

const nothingMeasured: Measured = {
  drift: null,
  qualityDegraded: null,
  driftedColumns: null,
  windowRows: null,
};

function measuresOf(
  { counts, drift: { verdict, columns } }: WindowReport,
  signs: { readonly drift: Sign; readonly quality: Sign },
  drift: EpisodeDecision,
  quality: EpisodeDecision,
): Measured {
  return {
    drift: measureOf(drift, signs.drift),
    qualityDegraded: measureOf(quality, signs.quality),
    driftedColumns:
      verdict === 'insufficient-data' ? null : columns.filter((column) => column.verdict === 'drift').length,
    windowRows: counts.rows,
  };
}

function driftSign({ drift: { verdict, isClear } }: WindowReport): Sign {
  if (verdict === 'insufficient-data') return 'unknown';
  if (verdict === 'drift') return 'moved';
  return isClear ? 'clear' : 'unclear';
}

function qualitySign({ quality: { verdict, isClear } }: WindowReport): Sign {
  if (verdict === 'insufficient-data') return 'unknown';
  if (verdict === 'degraded') return 'moved';
  return isClear ? 'clear' : 'unclear';
}
