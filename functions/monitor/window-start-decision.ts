import type {
  ModelRecord,
  MonitorRecord,
  VersionRecord,
  WindowRecord,
} from '@tidemark/domain/registry/records.schema.ts';
import { isRetired, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import type { MonitorRequest, WindowRun } from './workflow.schema.ts';

/** Which window an execution is to look at. */
export interface WantedWindow {
  readonly model: string;
  readonly windowId: string;
  readonly end: Date;
  readonly executionArn: string;
}

/** What the registry knows when a window is to begin. `undefined`: there is no such item. */
export interface WindowStartFacts {
  readonly model: Pick<ModelRecord, 'definition' | 'liveVersion'> | undefined;
  /** The live version. */
  readonly version: Pick<VersionRecord, 'version' | 'baseline'> | undefined;
  readonly monitor: Pick<MonitorRecord, 'running' | 'lastWindowId'> | undefined;
  readonly window: Pick<WindowRecord, 'executionArn'> | undefined;
}

export type WindowStartDecision =
  | { readonly kind: 'start'; readonly run: WindowRun; readonly running: MonitorRecord['running'] }
  /** There is nothing to look at, or somebody else is looking. Whatever was captured is in a later window. */
  | { readonly kind: 'skip'; readonly reason: string };

/**
 * The state machine's time limit of six hours, and half an hour more: by then the former execution has ended, and EventBridge has said so
 * if it could not itself.
 */
const longestRunSeconds = 6.5 * 60 * 60;

/** CloudWatch takes datapoints up to two weeks old; a day less leaves time for redrives. */
const oldestEndMilliseconds = 13 * 24 * 60 * 60 * 1000;

/**
 * When the window ends: as Scheduler says, otherwise when the execution began. In whole seconds, as windows are called.
 * @returns `undefined` if that is too long ago to be published
 */
export function windowEnd(request: MonitorRequest, startedAt: Date): Date | undefined {
  const asked = request.scheduledTime === undefined ? startedAt : new Date(request.scheduledTime);
  if (startedAt.getTime() - asked.getTime() > oldestEndMilliseconds) return undefined;
  return new Date(Math.floor(asked.getTime() / 1000) * 1000);
}

/** Decides whether this execution looks at the window. One looks at a time; and at each window one only, once. */
export function decideWindowStart(
  wanted: WantedWindow,
  facts: WindowStartFacts,
  now: Date,
): WindowStartDecision {
  const reason = reasonToSkip(wanted, facts, now);
  if (reason !== undefined) return { kind: 'skip', reason };
  const { model, windowId, executionArn } = wanted;
  const version = facts.version?.version ?? 0;
  const previousWindowId = facts.monitor?.lastWindowId ?? null;
  const until = new Date(now.getTime() + longestRunSeconds * 1000).toISOString();
  return {
    kind: 'start',
    run: { model, windowId, end: wanted.end.toISOString(), executionArn, version, previousWindowId },
    running: { owner: executionArn, until },
  };
}

function reasonToSkip(
  { model: name, executionArn }: WantedWindow,
  { model, version, monitor, window }: WindowStartFacts,
  now: Date,
): string | undefined {
  if (!model) return `There is no model called ${name}.`;
  if (isRetired(model)) return `${retiredSentence(name)} What was captured is kept.`;
  if (!model.definition.monitoring.enabled) return `The definition of ${name} turns monitoring off.`;
  if (model.liveVersion === null || !version) return `No version of ${name} is live.`;
  if (!version.baseline) {
    return `Version ${version.version} has no baseline, as it was registered before there was monitoring, or its hold-out allowed no measurement. Train ${name} again to monitor it.`;
  }
  if (window) return `The execution ${window.executionArn} has looked at this window.`;
  const running = monitor?.running ?? null;
  if (running && running.owner !== executionArn && now.getTime() < Date.parse(running.until)) {
    return `The execution ${running.owner} is looking at another window of ${name}. Predictions made since are in the next one.`;
  }
  return undefined;
}
