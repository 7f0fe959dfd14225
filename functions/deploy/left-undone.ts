import type { ModelRecord, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';

interface Facts {
  readonly model: Pick<ModelRecord, 'lease'>;
  readonly version: Pick<VersionRecord, 'status' | 'deployer'>;
}

interface Owners {
  /** Of the execution that ended without an outcome. */
  readonly formerOwner: string;
  /** Of the one that looks after it. */
  readonly leaseOwner: string;
}

/**
 * What an execution that could not end by itself has left: a deployment without an execution, only the model's lease, or nothing.
 * Whatever another execution has taken up since is that one's.
 */
export function leftUndone(
  { model, version }: Facts,
  { formerOwner, leaseOwner }: Owners,
): 'deployment' | 'lease' | 'nothing' {
  const holder = model.lease?.owner;
  if (holder !== formerOwner && holder !== leaseOwner) return 'nothing';
  const isTheirs = version.deployer === formerOwner || version.deployer === leaseOwner;
  const isUnderWay = version.status === 'deploying' || version.status === 'live';
  return isTheirs && isUnderWay ? 'deployment' : 'lease';
}
