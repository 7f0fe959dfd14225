import { unreachable } from '../errors.ts';
import type { RetrainingRecord, RunRecord, VersionRecord } from './records.schema.ts';

/** What has become of a retraining, as far as it is known. */
export interface RetrainingFate {
  readonly retraining: Pick<RetrainingRecord, 'status'>;
  /** The run that carries it out. */
  readonly run: Pick<RunRecord, 'status'> | undefined;
  /** What the run made. */
  readonly version: Pick<VersionRecord, 'status'> | undefined;
}

/**
 * Whether a retraining answers the episode that it was begun for: it waits for its run, trains, is judged, or its version is on the way
 * to its endpoint or serves. One that was given up, whose run failed, or whose version was rejected, could not be deployed or serves no
 * more has led to nothing: its episode continues, and may ask again.
 */
export function isAnswer({ retraining, run, version }: RetrainingFate): boolean {
  switch (retraining.status) {
    case 'open':
      return true;
    case 'abandoned':
      return false;
    case 'training':
      return (
        run === undefined || run.status === 'running' || (run.status === 'registered' && isWanted(version))
      );
    default:
      return unreachable(retraining.status);
  }
}

function isWanted(version: RetrainingFate['version']): boolean {
  const status = version?.status;
  switch (status) {
    // Registered and recorded in one transaction with its run, so that this is never long.
    case undefined:
    case 'candidate':
    case 'approved':
    case 'deploying':
    case 'live':
      return true;
    case 'rejected':
    case 'deploy-failed':
    case 'retired':
      return false;
    default:
      return unreachable(status);
  }
}
