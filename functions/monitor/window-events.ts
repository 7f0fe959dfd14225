import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import type { Episode } from '@tidemark/domain/registry/records.schema.ts';
import { lateNotes } from './describe-window.ts';
import type { EpisodeDecision } from './episode-decision.ts';
import { refusedLabelNotes, replacedSentences, unusedLabelSentences } from './left-out-labels.ts';
import type { WindowReport } from './report.schema.ts';

/** A report, and what led to it. */
export interface ReportedWindow {
  readonly report: WindowReport;
  readonly reportKey: string;
  readonly causeId: string;
  /** When the report was made known; another than the report's if it was replaced meanwhile. */
  readonly liveVersion: number | null;
  /** How many windows the alarms have counted, and how many they ask for. */
  readonly alarms: { readonly drift: string; readonly quality: string };
  readonly now: Date;
}

/**
 * Columns that an event names, the worst first; the report has them all. Names of two thousand, at 128 characters, would not fit into the
 * 256 KiB that a state machine passes on.
 */
const announcedFeatures = 100;

/** An event has at most 256 KiB; the report names all. */
const announcedFiles = 100;

/** What is announced of a window, in this order. */
export function windowEvents(
  reported: ReportedWindow,
  drift: EpisodeDecision,
  quality: EpisodeDecision,
): DomainEvent[] {
  return [
    monitored(reported),
    ...labelEvents(reported),
    ...driftEvents(reported, drift),
    ...qualityEvents(reported, quality),
  ];
}

function monitored(reported: ReportedWindow): DomainEvent {
  const { report, liveVersion, now } = reported;
  const { model, version, end, counts, drift, headline } = report;
  const replaced =
    version === liveVersion ? '' : ` Version ${version} is no longer live, so no alarm is raised.`;
  const again =
    report.changedColumns.length === 0
      ? ''
      : ' The report says how. A training of the newest data would let the model use what varies now.';
  const notes = [
    ...lateNotes(counts.lateCaptures),
    ...unusedLabelSentences(counts.labels),
    ...replacedSentences(counts.replacedLabels),
  ];
  const message = [
    `The window of ${model}, version ${version}, up to ${end}: ${headline}${again}${replaced}`,
    ...notes,
  ].join(' ');
  const facts = {
    version,
    verdict: drift.verdict,
    rows: counts.rows,
    message,
    ...(report.changedColumns.length > 0 && { changedColumns: announcedChanges(report) }),
  };
  return domainEvent('window.monitored', { ...about(reported), ...facts }, now);
}

/** At 128 characters a name, what an event may hold. */
const announcedColumns = 50;

function announcedChanges({ changedColumns }: WindowReport) {
  const named = changedColumns
    .slice(0, announcedColumns)
    .map(({ column, change, rows, of }) => ({ column, code: change, rows, of }));
  return { named, more: changedColumns.length - named.length };
}

function labelEvents(reported: ReportedWindow): DomainEvent[] {
  const { model, version, counts } = reported.report;
  const notes = refusedLabelNotes(counts.refusedLabels);
  if (notes.length === 0) return [];
  const files = [...new Set(counts.refusedLabels.map(({ key }) => key))].slice(0, announcedFiles);
  const message = `The window of ${model}, version ${version}: ${notes.join(' ')}`;
  return [domainEvent('labels.refused', { ...about(reported), files, message }, reported.now)];
}

function driftEvents(reported: ReportedWindow, { episode, begun, ended, isUnanswered }: EpisodeDecision) {
  const { report, now } = reported;
  const { columns, sentence } = report.drift;
  const drifting = new Set(columns.filter(({ verdict }) => verdict === 'drift').map(({ name }) => name));
  const features = report.ranking.filter((name) => drifting.has(name)).slice(0, announcedFeatures);
  const events: DomainEvent[] = [];
  if (ended) {
    const what = `The drift of ${subject(reported, ended)} that began with the window of ${ended.since}`;
    const type = isOfLive(reported, ended) ? 'drift.cleared' : 'drift.superseded';
    events.push(endOf(type, reported, ended, what));
  }
  if (episode && begun) {
    const message = `The inputs or predictions of ${subject(reported, episode)} have drifted. ${sentence} ${reported.alarms.drift}`;
    const facts = { ...about(reported), ...named(episode), features, message };
    events.push(domainEvent('drift.detected', facts, now));
  }
  if (episode && isUnanswered) {
    const message = `The drift of ${subject(reported, episode)} since ${episode.since} continues, and no retraining answers it yet. ${sentence}`;
    const facts = { ...about(reported), ...named(episode), features, message };
    events.push(domainEvent('drift.continued', facts, now));
  }
  return events;
}

function qualityEvents(reported: ReportedWindow, { episode, begun, ended, isUnanswered }: EpisodeDecision) {
  const { report, now } = reported;
  const { metric, sentence } = report.quality;
  const events: DomainEvent[] = [];
  if (ended) {
    const what = `The loss of quality of ${subject(reported, ended)} that began with the window of ${ended.since}`;
    const type = isOfLive(reported, ended) ? 'quality.recovered' : 'quality.superseded';
    events.push(endOf(type, reported, ended, what));
  }
  if (episode && begun) {
    const message = `The predictions of ${subject(reported, episode)} are worse than when it was evaluated. ${sentence} ${reported.alarms.quality}`;
    const facts = { ...about(reported), ...named(episode), metric, message };
    events.push(domainEvent('quality.degraded', facts, now));
  }
  if (episode && isUnanswered) {
    const message = `The loss of quality of ${subject(reported, episode)} since ${episode.since} continues, and no retraining answers it yet. ${sentence}`;
    const facts = { ...about(reported), ...named(episode), metric, message };
    events.push(domainEvent('quality.continued', facts, now));
  }
  return events;
}

function about({ report: { model, windowId }, reportKey, causeId }: ReportedWindow) {
  return { model, windowId, reportKey, causeId };
}

function named({ version, episodeId }: Episode) {
  return { version, episodeId };
}

function subject({ report }: ReportedWindow, { version }: Episode): string {
  return `${report.model}, version ${version},`;
}

function isOfLive({ liveVersion }: ReportedWindow, { version }: Episode): boolean {
  return version === liveVersion;
}

/** An episode also ends with its version, which says nothing about the live one. */
function endOf(
  type: 'drift.cleared' | 'drift.superseded' | 'quality.recovered' | 'quality.superseded',
  reported: ReportedWindow,
  ended: Episode,
  what: string,
): DomainEvent {
  const { liveVersion, now } = reported;
  const message = isOfLive(reported, ended)
    ? `${what} is over.`
    : `${what} is no longer tracked: that version is not live any more. ${successor(liveVersion)}`;
  return domainEvent(type, { ...about(reported), ...named(ended), message }, now);
}

function successor(liveVersion: number | null): string {
  return liveVersion === null
    ? 'No version is.'
    : `Version ${liveVersion} is, and is judged by its own windows: this does not say whether it does better.`;
}
