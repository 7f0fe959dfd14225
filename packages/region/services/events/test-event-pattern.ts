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

function parsed(event: string): unknown {
  try {
    return JSON.parse(event);
  } catch {
    throw new AwsError('ValidationException', 'Event is not valid JSON.');
  }
}
