import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';
import type { Onboarding } from './onboarding.schema.ts';

/** An outcome that nobody needs to be told of. */
export function quiet(outcome: Onboarding['outcome'], message: string): Onboarding {
  return { outcome, message, events: [] };
}

/** An outcome with the events that tell of it, as they were recorded. */
export function answer(outcome: Onboarding['outcome'], events: readonly DomainEvent[]): Onboarding {
  return { outcome, message: events.map(({ detail }) => detail.message).join(' '), events: [...events] };
}
