import {
  ConflictException,
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
} from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import { ifThere } from '../gone.ts';
import { resourceType } from '../resource-type.ts';

const nameLimits = { maximum: 64 };

export const schedulerScheduleGroup = resourceType({
  type: 'AWS::Scheduler::ScheduleGroup',
  properties: { Name: z.string().optional() },
  ignored: { Tags: 'nothing reads them' },
  kept: {
    async put({ Name }, { services, name }) {
      try {
        await services.scheduler.send(new CreateScheduleGroupCommand({ Name: Name ?? name(nameLimits) }));
      } catch (error) {
        // Made at an earlier start, with the schedules that it holds.
        if (!(error instanceof ConflictException)) throw error;
      }
    },
    async read(Name, { scheduler }) {
      return (await ifThere(scheduler.send(new GetScheduleGroupCommand({ Name }))))?.Arn;
    },
  },
  async apply({ Name }, { region, accountId, name }) {
    const group = Name ?? name(nameLimits);
    const arn = `arn:aws:scheduler:${region}:${accountId}:schedule-group/${group}`;
    return { ref: group, attributes: { Arn: arn, State: 'ACTIVE' } };
  },
  remove: async (Name, { scheduler }) =>
    void (await scheduler.send(new DeleteScheduleGroupCommand({ Name }))),
});
