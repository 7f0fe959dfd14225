import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import type { AwsEvent } from '@tidemark/region';
import type { RecordedEvent } from './registry-view.client.ts';

/** The domain events among those of a bus. Anybody may put something else there. */
export function domainEventsOf(events: readonly AwsEvent[]): RecordedEvent[] {
  return events.flatMap(({ source, 'detail-type': type, detail }) => {
    const parsed = domainEventSchema.safeParse({ type, detail });
    return source === 'tidemark' && parsed.success ? [parsed.data] : [];
  });
}
