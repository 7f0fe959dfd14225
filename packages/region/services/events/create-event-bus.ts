import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';
import { busSchema } from './rule.schema.ts';

const inputSchema = z.strictObject({
  Name: busSchema.shape.name,
  Description: z.string().max(512).optional(),
});

export function createEventBus(state: EventsState) {
  return checkedOperation('events:CreateEventBus', inputSchema, async ({ Name, Description }) =>
    state.turns.run(async () => {
      // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html: for buses of partners only
      if (Name.includes('/'))
        throw new AwsError('ValidationException', "Event bus name must not contain '/'.");
      if (state.buses().some(({ name }) => name === Name))
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${Name} already exists.`);
      await state.saveBus({
        name: Name,
        createdAt: new Date(state.now()).toISOString(),
        ...(Description !== undefined && { description: Description }),
      });
      return { EventBusArn: state.busArn(Name), Description };
    }),
  );
}
