import {
  type Input,
  objectIn,
  onEverything,
  optionalText,
  type Permissions,
  passRole,
  textOf,
} from '../../gateway/permissions.ts';
import type { Place } from '../../iam/access-request.ts';

const arn = (resource: string, { region, accountId }: Place): string =>
  `arn:aws:scheduler:${region}:${accountId}:${resource}`;

/** The group stands in the body of writing calls and in the query of the others. */
function scheduleArn(input: Input, place: Place): string {
  const group = optionalText(input, 'GroupName') ?? optionalText(input, 'groupName') ?? 'default';
  return arn(`schedule/${group}/${textOf(input, 'Name')}`, place);
}

const onSchedule =
  (action: string): Permissions =>
  (input, place) => [{ action, resource: scheduleArn(input, place) }];

/** A schedule is given the role that it calls its target as. */
const onScheduleWithRole =
  (action: string): Permissions =>
  (input, place) => [
    { action, resource: scheduleArn(input, place) },
    passRole(textOf(objectIn(input, 'Target'), 'RoleArn'), 'scheduler.amazonaws.com'),
  ];

const onGroup =
  (action: string): Permissions =>
  (input, place) => [{ action, resource: arn(`schedule-group/${textOf(input, 'Name')}`, place) }];

/** By the Service Authorization Reference of EventBridge Scheduler. */
export const schedulerPermissions = {
  createSchedule: onScheduleWithRole('scheduler:CreateSchedule'),
  updateSchedule: onScheduleWithRole('scheduler:UpdateSchedule'),
  getSchedule: onSchedule('scheduler:GetSchedule'),
  deleteSchedule: onSchedule('scheduler:DeleteSchedule'),
  listSchedules: onEverything('scheduler:ListSchedules'),
  createScheduleGroup: onGroup('scheduler:CreateScheduleGroup'),
  getScheduleGroup: onGroup('scheduler:GetScheduleGroup'),
  deleteScheduleGroup: onGroup('scheduler:DeleteScheduleGroup'),
  listScheduleGroups: onEverything('scheduler:ListScheduleGroups'),
} satisfies Record<string, Permissions>;
