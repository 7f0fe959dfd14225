import { type DomainEvent, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { type Told, toldBy } from '@tidemark/domain/invocations/outcome.ts';
import type { Onboarding } from './onboarding.schema.ts';

/** An outcome that needs no announcement. */
export function quiet(outcome: Onboarding['outcome'], message: string): Onboarding {
  return { outcome, message, events: [] };
}

/** An outcome with the events that tell of it, as they were recorded. */
export function onboardingOf(outcome: Onboarding['outcome'], events: readonly DomainEvent[]): Onboarding {
  return { outcome, message: events.map(({ detail }) => detail.message).join(' '), events: [...events] };
}

const tellOutcome = toldBy<Onboarding['outcome']>({
  onboarded: 'done',
  rejected: 'refused',
  unchanged: 'unneeded',
  stale: 'unneeded',
  ignored: 'unneeded',
});

/** What the function's log says of an answer. */
export function toldOfOnboarding({ outcome, events }: Onboarding): Told {
  return tellOutcome(outcome, {
    message: sentenceOf(events),
    subject: { model: events[0]?.detail.model },
  });
}
