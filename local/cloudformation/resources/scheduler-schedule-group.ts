import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** A name under which schedules are kept. */
export const schedulerScheduleGroup = resourceType({
  type: 'AWS::Scheduler::ScheduleGroup',
  properties: { Name: z.string().optional() },
  ignored: { Tags: 'nothing reads them' },
  async apply({ Name }, { region, accountId, name }) {
    const ref = Name ?? name({ maximum: 64 });
    return {
      ref,
      attributes: { Arn: `arn:aws:scheduler:${region}:${accountId}:schedule-group/${ref}`, State: 'ACTIVE' },
    };
  },
});
