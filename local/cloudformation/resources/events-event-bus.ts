import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

export const eventsEventBus = resourceType({
  type: 'AWS::Events::EventBus',
  properties: { Name: z.string() },
  ignored: { Description: 'for people', Tags: 'nothing reads them' },
  async apply({ Name }, { region, accountId, services }) {
    try {
      await services.events.send(new CreateEventBusCommand({ Name }));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
    const arn = `arn:aws:events:${region}:${accountId}:event-bus/${Name}`;
    return { ref: Name, attributes: { Arn: arn, Name } };
  },
  remove: async (Name, { events }) => void (await events.send(new DeleteEventBusCommand({ Name }))),
});
