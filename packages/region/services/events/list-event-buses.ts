import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { describedBus } from './describe-event-bus.ts';
import type { EventsState } from './events-state.ts';

const inputSchema = z.strictObject({ NamePrefix: z.string().optional() });

export function listEventBuses(state: EventsState) {
  return checkedOperation('events:ListEventBuses', inputSchema, async ({ NamePrefix = '' }) => ({
    EventBuses: state
      .buses()
      .filter(({ name }) => name.startsWith(NamePrefix))
      .map((bus) => describedBus(state, bus)),
  }));
}
