import type { ServingSettings } from '../definition/serving-settings.schema.ts';

/** SageMaker's `EndpointStatus`: what an endpoint may be. */
export const endpointStatuses = [
  'OutOfService',
  'Creating',
  'Updating',
  'SystemUpdating',
  'RollingBack',
  'InService',
  'Deleting',
  'Failed',
  'UpdateRollbackFailed',
] as const;

/** A SageMaker endpoint as it is now. */
export interface Endpoint {
  readonly status: (typeof endpointStatuses)[number];
  /** What it serves with; during an update, what it served with before. */
  readonly endpointConfigName: string;
  /** What an update or a rollback that is under way brings; `null` when there is none. */
  readonly pendingConfigName: string | null;
  readonly kind: ServingSettings['kind'];
  readonly failureReason: string | null;
  /** Image that answers, with its digest; `null` when SageMaker does not report it. */
  readonly resolvedImage: string | null;
}

/** What a SageMaker model runs. */
export interface ServedModel {
  readonly image: string | null;
  /** `s3://…/model.tar.gz`: SageMaker reads the current version whenever it starts a container. */
  readonly artifactUrl: string | null;
}
