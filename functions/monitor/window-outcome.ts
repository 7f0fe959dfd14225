import { type DomainEvent, domainEvent } from '../events/domain-event.ts';
import type { MonitorRecord, WindowRecord } from '../registry/records.schema.ts';
import { decideEpisode, type EpisodeDecision, endEpisode, measureOf, type Sign } from './episode-decision.ts';
import type { WindowReport } from './report.schema.ts';

/** What the registry says when a window has been judged. */
export interface OutcomeFacts {
  readonly monitor: Pick<MonitorRecord, 'drift' | 'quality'>;
  readonly liveVersion: number | null;
}

/** Where the report is, and what led to it. */
export interface OutcomeContext {
  readonly causeId: string;
  readonly reportKey: string;
}

/** What follows from a report: the episodes that are on, what is published and what is announced. */
export interface WindowOutcome {
  readonly message: string;
  readonly episodes: {
    readonly drift: EpisodeDecision['episode'];
    readonly quality: EpisodeDecision['episode'];
  };
  readonly measures: WindowRecord['measures'];
  readonly events: DomainEvent[];
}

/**
 * Decides what follows from a report. One of a version that is no longer live is on record, but says nothing of the one that is: it
 * begins no episode, is no figure of CloudWatch's, and ends what was on.
 */
export function decideOutcome(
  report: WindowReport,
  { monitor, liveVersion }: OutcomeFacts,
  { causeId, reportKey }: OutcomeContext,
  now: Date,
): WindowOutcome {
  const { model, windowId, version } = report;
  const isLive = liveVersion === version;
  const window = { version, windowId, end: new Date(report.end) };
  const signs = { drift: driftSign(report), quality: qualitySign(report) };
  const drift = isLive
    ? decideEpisode('drift', monitor.drift, signs.drift, window)
    : endEpisode(monitor.drift);
  const quality = isLive
    ? decideEpisode('quality', monitor.quality, signs.quality, window)
    : endEpisode(monitor.quality);
  const about = { model, windowId, reportKey, causeId };
  const events = [
    monitored(report, about, isLive, now),
    ...driftEvents(report, drift, about, now),
    ...qualityEvents(report, quality, about, now),
  ];
  return {
    message: events[0]?.detail.message ?? report.headline,
    episodes: { drift: drift.episode, quality: quality.episode },
    measures: isLive ? measuresOf(report, signs, drift, quality) : nothingMeasured,
    events,
  };
}

/** What the events of one window have in common. */
interface About {
  readonly model: string;
  readonly windowId: string;
  readonly reportKey: string;
  readonly causeId: string;
}

const nothingMeasured: WindowRecord['measures'] = {
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
): WindowRecord['measures'] {
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

function monitored(report: WindowReport, about: About, isLive: boolean, now: Date): DomainEvent {
  const { version, counts, drift, headline } = report;
  const replaced = isLive ? '' : ` Version ${version} is no longer live, so nothing is alarmed.`;
  return domainEvent(
    'window.monitored',
    {
      ...about,
      version,
      verdict: drift.verdict,
      rows: counts.rows,
      message: `${headline}${replaced}`,
    },
    now,
  );
}

function driftEvents(
  { drift: { columns, sentence } }: WindowReport,
  { episode, begun, ended, isUnanswered }: EpisodeDecision,
  about: About,
  now: Date,
): DomainEvent[] {
  const features = columns.filter(({ verdict }) => verdict === 'drift').map(({ name }) => name);
  const events: DomainEvent[] = [];
  if (ended) {
    const { version, episodeId, since } = ended;
    const message = `The drift of ${about.model}, version ${version}, that began with the window of ${since} is over.`;
    events.push(domainEvent('drift.cleared', { ...about, version, episodeId, message }, now));
  }
  if (!episode) return events;
  const { version, episodeId, since } = episode;
  if (begun) {
    const message = `What ${about.model}, version ${version}, is asked or answers has drifted. ${sentence}`;
    events.push(domainEvent('drift.detected', { ...about, version, episodeId, features, message }, now));
  } else if (isUnanswered) {
    const message = `The drift of ${about.model}, version ${version}, since ${since} goes on, and no retraining answers it yet. ${sentence}`;
    events.push(domainEvent('drift.continued', { ...about, version, episodeId, features, message }, now));
  }
  return events;
}

function qualityEvents(
  { quality: { metric, sentence } }: WindowReport,
  { episode, begun, ended, isUnanswered }: EpisodeDecision,
  about: About,
  now: Date,
): DomainEvent[] {
  const events: DomainEvent[] = [];
  if (ended) {
    const { version, episodeId, since } = ended;
    const message = `The loss of quality of ${about.model}, version ${version}, that began with the window of ${since} is over.`;
    events.push(domainEvent('quality.recovered', { ...about, version, episodeId, message }, now));
  }
  if (!episode) return events;
  const { version, episodeId, since } = episode;
  if (begun) {
    const message = `${about.model}, version ${version}, predicts worse than when it was judged. ${sentence}`;
    events.push(domainEvent('quality.degraded', { ...about, version, episodeId, metric, message }, now));
  } else if (isUnanswered) {
    const message = `The loss of quality of ${about.model}, version ${version}, since ${since} goes on, and no retraining answers it yet. ${sentence}`;
    events.push(domainEvent('quality.continued', { ...about, version, episodeId, metric, message }, now));
  }
  return events;
}
