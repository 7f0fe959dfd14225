import { unreachable } from '@tidemark/domain/errors.ts';
import type { ModelRecord, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired, reactivationRemedy, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import type { RolloutOrder } from './rollout.schema.ts';

/** Whether a version may be deployed now. */
export type Admission =
  | { readonly kind: 'admitted' }
  /** There is nothing left to do, and that is not a failure. */
  | { readonly kind: 'unneeded'; readonly message: string }
  /** Its model was retired meanwhile, which is not a failure either, and is announced. */
  | { readonly kind: 'skipped'; readonly message: string }
  /** It must not be deployed. */
  | { readonly kind: 'refused'; readonly message: string };

const admitted: Admission = { kind: 'admitted' };

/**
 * Decides on a request. An approval starts a deployment once: whatever became of the version since, a late repeat does not
 * undo it. A person, or a model that is active again, may have any version that passed its gates.
 */
export function decideAdmission(
  { by }: Pick<RolloutOrder, 'by'>,
  model: Pick<ModelRecord, 'definition' | 'liveVersion'>,
  version: VersionRecord,
): Admission {
  const name = `Version ${version.version} of ${version.model}`;
  if (isRetired(model)) {
    const message = `${name} is not deployed. ${retiredSentence(version.model)} ${reactivationRemedy(version.model)}`;
    return by === 'person' ? refused(message) : { kind: 'skipped', message };
  }
  switch (version.status) {
    case 'candidate':
    case 'rejected':
      return refused(
        `${name} is ${version.status}, and only a version that passed its gates can be deployed. ` +
          'Name another version, or train a better one.',
      );
    case 'approved':
      return by === 'event' ? admitApproval(name, version, model.liveVersion) : admitted;
    case 'deploying':
      // The execution that began it holds the lease; without that, the caller continues in its place.
      return admitted;
    case 'live':
    case 'retired':
    case 'deploy-failed':
      if (by !== 'event') return admitted;
      return {
        kind: 'unneeded',
        message: `${name} is ${version.status}: this approval was already handled.`,
      };
    default:
      return unreachable(version.status);
  }
}

/** An approval rests on a comparison with the champion, so it holds for that champion only. */
function admitApproval(
  name: string,
  { model, version, comparedWith }: VersionRecord,
  liveVersion: number | null,
): Admission {
  if (comparedWith === null || liveVersion === null || comparedWith === liveVersion) return admitted;
  return refused(
    `${name} was approved by comparison with version ${comparedWith}, but version ${liveVersion} has gone live since. ` +
      'Train again, which compares with that one; or, to deploy this version anyway, start the deployment with ' +
      `{ "model": "${model}", "version": ${version} }.`,
  );
}

function refused(message: string): Admission {
  return { kind: 'refused', message };
}
