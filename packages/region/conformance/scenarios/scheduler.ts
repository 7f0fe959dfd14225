import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Scenario } from '../scenario.ts';
import { place, scenarioRoleArn } from '../worlds/world.ts';

const schedule: CreateScheduleCommandInput = {
  Name: 'hourly',
  ScheduleExpression: 'rate(1 hour)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: `arn:aws:states:${place.region}:${place.accountId}:stateMachine:m`,
    RoleArn: scenarioRoleArn,
    Input: '{"a":1}',
  },
};

export const schedulerScenarios: readonly Scenario[] = [
  {
    service: 'scheduler',
    name: 'schedules',
    async run({ scheduler }, steps) {
      const create = (what: string, input: Partial<CreateScheduleCommandInput>) =>
        steps.call(`CreateSchedule ${what}`, () =>
          scheduler.send(new CreateScheduleCommand({ ...schedule, ...input })),
        );
      const get = (what: string, Name: string, GroupName?: string) =>
        steps.call(`GetSchedule ${what}`, () => scheduler.send(new GetScheduleCommand({ Name, GroupName })));
      await create('first', {});
      await create('again', {});
      await get('first', 'hourly');
      await get('of none', 'none');
      await create('with everything', {
        Name: 'full',
        ScheduleExpression: 'cron(0 8 ? * MON-FRI *)',
        Description: 'Every working day',
        State: 'DISABLED',
        StartDate: new Date('2099-01-01T00:00:00Z'),
        EndDate: new Date('2099-02-01T00:00:00Z'),
        FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
        ActionAfterCompletion: 'DELETE',
      });
      await get('with everything', 'full');
      const expressions = [
        'rate(1 minutes)',
        'rate(0 minutes)',
        'rate(5 fortnights)',
        'rate(5)',
        'rate(1.5 hours)',
        'rate(-1 hours)',
        'cron(0 8 * * MON-FRI *)',
        'cron(0 8 ? * *)',
        'cron(60 8 ? * * *)',
        'cron(0 8 32 * ? *)',
        'cron(0 8 ? * FUNDAY *)',
        'at(2099-01-01)',
        'at(2099-13-01T00:00:00)',
        'every day',
        'at(2020-01-01T00:00:00)',
        'rate(5 minutes)',
        'cron(*/5 * * * ? *)',
        'cron(0 0 1 JAN ? 2099)',
        'at(2099-01-01T00:00:00)',
      ];
      for (const [index, ScheduleExpression] of expressions.entries())
        await create(`by ${ScheduleExpression}`, { Name: `e${index}`, ScheduleExpression });
      await create('with a space in its name', { Name: 'a b' });
      await create('with a flexible window of no length', {
        Name: 'w',
        FlexibleTimeWindow: { Mode: 'FLEXIBLE' },
      });
      await create('in a group of none', { Name: 'g', GroupName: 'none' });
      await create('in a time zone of none', { Name: 'z', ScheduleExpressionTimezone: 'Nowhere/Town' });
      await create('that ends before it starts', {
        Name: 'd',
        StartDate: new Date('2099-02-01'),
        EndDate: new Date('2099-01-01'),
      });
      await steps.call('UpdateSchedule', () =>
        scheduler.send(new UpdateScheduleCommand({ ...schedule, ScheduleExpression: 'rate(2 hours)' })),
      );
      await get('that was updated', 'hourly');
      await steps.call('UpdateSchedule of none', () =>
        scheduler.send(new UpdateScheduleCommand({ ...schedule, Name: 'none' })),
      );
      await steps.call('ListSchedules by a beginning', () =>
        scheduler.send(new ListSchedulesCommand({ NamePrefix: 'hour' })),
      );
      await steps.call('ListSchedules that are disabled', () =>
        scheduler.send(new ListSchedulesCommand({ State: 'DISABLED' })),
      );
      await steps.call('DeleteSchedule', () => scheduler.send(new DeleteScheduleCommand({ Name: 'hourly' })));
      await steps.call('DeleteSchedule of none', () =>
        scheduler.send(new DeleteScheduleCommand({ Name: 'hourly' })),
      );
    },
  },
  {
    service: 'scheduler',
    name: 'groups',
    async run({ scheduler }, steps) {
      const create = (what: string, Name: string) =>
        steps.call(`CreateScheduleGroup ${what}`, () =>
          scheduler.send(new CreateScheduleGroupCommand({ Name })),
        );
      await create('first', 'own');
      await create('again', 'own');
      await create('called default', 'default');
      await steps.call('GetScheduleGroup', () =>
        scheduler.send(new GetScheduleGroupCommand({ Name: 'own' })),
      );
      await steps.call('GetScheduleGroup of none', () =>
        scheduler.send(new GetScheduleGroupCommand({ Name: 'none' })),
      );
      await steps.call('ListScheduleGroups', async () => {
        const answer = await scheduler.send(new ListScheduleGroupsCommand({}));
        return {
          ...answer,
          ScheduleGroups: answer.ScheduleGroups?.sort((one, other) =>
            (one.Name ?? '') < (other.Name ?? '') ? -1 : 1,
          ),
        };
      });
      await steps.call('CreateSchedule in it', () =>
        scheduler.send(new CreateScheduleCommand({ ...schedule, GroupName: 'own' })),
      );
      await steps.call('GetSchedule in it', () =>
        scheduler.send(new GetScheduleCommand({ Name: 'hourly', GroupName: 'own' })),
      );
      await steps.call('GetSchedule outside', () =>
        scheduler.send(new GetScheduleCommand({ Name: 'hourly' })),
      );
      await steps.call('ListSchedules of it', () =>
        scheduler.send(new ListSchedulesCommand({ GroupName: 'own' })),
      );
      await steps.call('DeleteScheduleGroup', () =>
        scheduler.send(new DeleteScheduleGroupCommand({ Name: 'own' })),
      );
      await steps.call('GetSchedule of a deleted group', () =>
        scheduler.send(new GetScheduleCommand({ Name: 'hourly', GroupName: 'own' })),
      );
      await steps.call('DeleteScheduleGroup of none', () =>
        scheduler.send(new DeleteScheduleGroupCommand({ Name: 'none' })),
      );
      await steps.call('DeleteScheduleGroup of the default', () =>
        scheduler.send(new DeleteScheduleGroupCommand({ Name: 'default' })),
      );
    },
  },
];
