import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { ifThere } from '../gone.ts';
import { resourceType } from '../resource-type.ts';

export const eventsEventBus = resourceType({
  type: 'AWS::Events::EventBus',
  properties: { Name: z.string() },
  ignored: { Description: 'for people', Tags: 'nothing reads them' },
  kept: {
    async put({ Name }, { services }) {
      try {
        await services.events.send(new CreateEventBusCommand({ Name }));
      } catch (error) {
        if (!(error instanceof ResourceAlreadyExistsException)) throw error;
      }
    },
    async read(Name, { events }) {
      return (await ifThere(events.send(new DescribeEventBusCommand({ Name }))))?.Arn;
    },
  },
  async apply({ Name }, { region, accountId }) {
    const arn = `arn:aws:events:${region}:${accountId}:event-bus/${Name}`;
    return { ref: Name, attributes: { Arn: arn, Name } };
  },
  remove: async (Name, { events }) => void (await events.send(new DeleteEventBusCommand({ Name }))),
});
