import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';
import type { EventBus } from './rule.schema.ts';

const inputSchema = z.strictObject({ Name: z.string().optional() });

export function describeEventBus(state: EventsState) {
  return checkedOperation('events:DescribeEventBus', inputSchema, async ({ Name }) =>
    describedBus(state, state.bus(Name)),
  );
}

/** A bus as the API shows it. Times are seconds since 1970. */
export function describedBus(state: EventsState, { name, description, createdAt }: EventBus) {
  return {
    Name: name,
    Arn: state.busArn(name),
    Description: description,
    CreationTime: Date.parse(createdAt) / 1000,
    // No operation that is served changes a bus.
    LastModifiedTime: Date.parse(createdAt) / 1000,
  };
}
