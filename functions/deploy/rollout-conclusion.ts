import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';

/** How a deployment ended: the event that the state machine puts, and the error that it then fails with, if any. */
export interface RolloutConclusion {
  readonly error: 'DeploymentRolledBack' | 'RollbackFailed' | 'EndpointNotRemoved' | null;
  readonly event: DomainEvent;
}
