import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { z } from 'zod';
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
    State: z.enum(['ENABLED', 'DISABLED']).exactOptional(),
    Target: targetSchema,
  },
  ignored: { Description: 'for people' },
  async apply({ Name: given, ...settings }, { region, accountId, services, name }) {
    const schedule = { Name: given ?? name({ maximum: 64 }), ...settings };
    try {
      await services.scheduler.send(new CreateScheduleCommand(schedule));
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
      await services.scheduler.send(new UpdateScheduleCommand(schedule));
    }
    const path = `${schedule.GroupName}/${schedule.Name}`;
    return {
      ref: schedule.Name,
      attributes: { Arn: `arn:aws:scheduler:${region}:${accountId}:schedule/${path}` },
    };
  },
  remove: async (Name, { scheduler }) => void (await scheduler.send(new DeleteScheduleCommand({ Name }))),
});
