import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import { scheduleState } from '../../services/scheduler/schedule.schema.ts';
import { ifThere } from '../gone.ts';
import { resourceType } from '../resource-type.ts';

const targetSchema = z.strictObject({
  Arn: z.string(),
  RoleArn: z.string(),
  Input: z.string().exactOptional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.int().exactOptional(),
      MaximumEventAgeInSeconds: z.int().exactOptional(),
    })
    .exactOptional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).exactOptional(),
});

const nameLimits = { maximum: 64 };

export const schedulerSchedule = resourceType({
  type: 'AWS::Scheduler::Schedule',
  properties: {
    Name: z.string().optional(),
    /** `Ref` does not name the group, so that one in another could not be taken away. */
    GroupName: z.literal('default').default('default'),
    FlexibleTimeWindow: z.strictObject({
      Mode: z.enum(['OFF', 'FLEXIBLE']),
      MaximumWindowInMinutes: z.int().exactOptional(),
    }),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().exactOptional(),
    State: scheduleState.exactOptional(),
    Target: targetSchema,
  },
  ignored: { Description: 'for people' },
  kept: {
    async put({ Name: given, ...settings }, { services, name }) {
      const schedule = { Name: given ?? name(nameLimits), ...settings };
      try {
        await services.scheduler.send(new CreateScheduleCommand(schedule));
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error;
        await services.scheduler.send(new UpdateScheduleCommand(schedule));
      }
    },
    async read(Name, { scheduler }) {
      const schedule = await ifThere(scheduler.send(new GetScheduleCommand({ Name })));
      return schedule && { ...schedule, $metadata: 0, CreationDate: 0, LastModificationDate: 0 };
    },
  },
  async apply({ Name, GroupName }, { region, accountId, name }) {
    const ref = Name ?? name(nameLimits);
    const path = `${GroupName}/${ref}`;
    return { ref, attributes: { Arn: `arn:aws:scheduler:${region}:${accountId}:schedule/${path}` } };
  },
  remove: async (Name, { scheduler }) => void (await scheduler.send(new DeleteScheduleCommand({ Name }))),
});
