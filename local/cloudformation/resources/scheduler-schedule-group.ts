import {
  ConflictException,
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
} from '@aws-sdk/client-scheduler';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

export const schedulerScheduleGroup = resourceType({
  type: 'AWS::Scheduler::ScheduleGroup',
  properties: { Name: z.string().optional() },
  ignored: { Tags: 'nothing reads them' },
  async apply({ Name }, { region, accountId, services, name }) {
    const group = Name ?? name({ maximum: 64 });
    try {
      await services.scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
    } catch (error) {
      // Made at an earlier start, with the schedules that it holds.
      if (!(error instanceof ConflictException)) throw error;
    }
    const arn = `arn:aws:scheduler:${region}:${accountId}:schedule-group/${group}`;
    return { ref: group, attributes: { Arn: arn, State: 'ACTIVE' } };
  },
  remove: async (Name, { scheduler }) =>
    void (await scheduler.send(new DeleteScheduleGroupCommand({ Name }))),
});
