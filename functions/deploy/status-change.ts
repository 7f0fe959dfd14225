import type { VersionRecord, VersionStatus } from '@tidemark/domain/registry/records.schema.ts';

/** A change of a version's status, made only if the version still has the status that the decision was made on. */
export interface StatusChange {
  readonly version: number;
  readonly from: VersionStatus;
  readonly to: VersionStatus;
  readonly reason: string | null;
  /** Where it was proven to serve; only with `to: 'live'`. */
  readonly served?: VersionRecord['served'];
}
