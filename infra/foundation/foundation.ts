import type { Config } from '../config.schema.ts';
import type { Events } from './events.ts';
import type { ModelSchedules } from './model-schedules.ts';
import type { SageMakerRoles } from './sagemaker-roles.ts';
import type { Stores } from './stores.ts';

/** What every capability is built on. */
export interface Foundation {
  readonly config: Config;
  readonly stores: Stores;
  readonly events: Events;
  /** What SageMaker's jobs and endpoints run as. */
  readonly sagemakerRoles: SageMakerRoles;
  readonly schedules: ModelSchedules;
  /** Content hash of the bundled handlers. */
  readonly codeVersion: string;
}
