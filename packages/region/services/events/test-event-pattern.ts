import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { eventPattern } from './pattern/event-pattern.ts';
import { assertPattern } from './put-rule.ts';

const inputSchema = z.strictObject({ EventPattern: z.string(), Event: z.string() });

export const testEventPattern = checkedOperation(
  'events:TestEventPattern',
  inputSchema,
  async ({ EventPattern, Event }) => {
    assertPattern(EventPattern);
    return { Result: eventPattern(EventPattern)(parsed(Event)) };
  },
);

/** What every event has; AWS refuses others (LocalStack 8b9a79f, `test_invalid_event_payload`, `test_array_event_payload`). */
const eventSchema = z.looseObject({
  id: z.string(),
  account: z.string(),
  source: z.string(),
  time: z.string(),
  region: z.string(),
  'detail-type': z.string(),
});

function parsed(event: string): unknown {
  try {
    return eventSchema.parse(JSON.parse(event));
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid.');
  }
}
