import { type Clock, wallClock } from '../../clock.ts';
import { restJsonService } from '../../gateway/rest-json-service.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { Service } from '../../gateway/service.ts';
import { RecordStore } from '../../store/record-store.ts';
import type { Time } from '../../virtual-time.ts';
import { createSchedule } from './create-schedule.ts';
import { createScheduleGroup } from './create-schedule-group.ts';
import { deleteSchedule } from './delete-schedule.ts';
import { deleteScheduleGroup } from './delete-schedule-group.ts';
import { getSchedule } from './get-schedule.ts';
import { getScheduleGroup } from './get-schedule-group.ts';
import { Invocations, type InvocationsOptions } from './invocations.ts';
import { listScheduleGroups } from './list-schedule-groups.ts';
import { listSchedules } from './list-schedules.ts';
import { schedulerPermissions } from './permissions.ts';
import { SchedulerState } from './scheduler-state.ts';
import { ExecutionStarter } from './start-execution.client.ts';
import { Timetable } from './timetable.ts';
import { updateSchedule } from './update-schedule.ts';

export interface SchedulerServiceOptions {
  /** Where groups, schedules and undelivered invocations are kept. */
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  readonly roles: Roles;
  /** The gateway's URL, once it listens: targets are called there, as the schedules' roles. */
  readonly endpoint: () => string;
  /** What schedules go by. */
  readonly time: Time;
  /** The wall's: what the pauses between attempts go by. */
  readonly clock?: Clock;
  readonly sendDeadLetter: InvocationsOptions['sendDeadLetter'];
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly onGivenUp?: InvocationsOptions['onGivenUp'];
  readonly onFault?: InvocationsOptions['onFault'];
}

/** EventBridge Scheduler on the wire. */
export interface SchedulerService extends Service {
  /** From now on schedules invoke their targets, what is left of an earlier run included. */
  start(): Promise<void>;
  /** Leaves schedules and invocations where they are. Call it before the targets are closed. */
  pause(): Promise<void>;
}

/** Opens the local Scheduler. */
export async function schedulerService({
  directory,
  accountId,
  region,
  roles,
  endpoint,
  time,
  clock = wallClock(),
  sendDeadLetter,
  random = Math.random,
  onGivenUp = () => undefined,
  onFault = () => undefined,
}: SchedulerServiceOptions): Promise<SchedulerService> {
  const records = await RecordStore.open(directory);
  const executions = new ExecutionStarter({ roles, region, endpoint });
  const targets = { states: executions.invoke };
  const invocations = new Invocations(records, {
    time,
    clock,
    targets,
    sendDeadLetter,
    onGivenUp,
    onFault,
    random,
  });
  const state = await SchedulerState.open({
    records,
    accountId,
    region,
    roles,
    now: () => time.now(),
    targetServices: new Set(Object.keys(targets)),
  });
  const timetable = new Timetable({ state, invocations, time, wallNow: () => clock.now(), random, onFault });
  const pause = async () => {
    await timetable.close();
    await invocations.close();
  };
  const service = restJsonService({
    signingName: 'scheduler',
    routes: [
      {
        method: 'POST',
        path: '/schedules/{Name}',
        operation: createSchedule(state),
        permissions: schedulerPermissions.createSchedule,
      },
      {
        method: 'PUT',
        path: '/schedules/{Name}',
        operation: updateSchedule(state),
        permissions: schedulerPermissions.updateSchedule,
      },
      {
        method: 'GET',
        path: '/schedules/{Name}',
        operation: getSchedule(state),
        permissions: schedulerPermissions.getSchedule,
      },
      {
        method: 'DELETE',
        path: '/schedules/{Name}',
        operation: deleteSchedule(state),
        permissions: schedulerPermissions.deleteSchedule,
      },
      {
        method: 'GET',
        path: '/schedules',
        operation: listSchedules(state),
        permissions: schedulerPermissions.listSchedules,
      },
      {
        method: 'POST',
        path: '/schedule-groups/{Name}',
        operation: createScheduleGroup(state),
        permissions: schedulerPermissions.createScheduleGroup,
      },
      {
        method: 'GET',
        path: '/schedule-groups/{Name}',
        operation: getScheduleGroup(state),
        permissions: schedulerPermissions.getScheduleGroup,
      },
      {
        method: 'DELETE',
        path: '/schedule-groups/{Name}',
        operation: deleteScheduleGroup(state),
        permissions: schedulerPermissions.deleteScheduleGroup,
      },
      {
        method: 'GET',
        path: '/schedule-groups',
        operation: listScheduleGroups(state),
        permissions: schedulerPermissions.listScheduleGroups,
      },
    ],
    async close() {
      await pause();
      await state.turns.idle();
      await executions.close();
      await records.close();
    },
  });
  return {
    ...service,
    async start() {
      await invocations.start();
      await timetable.start();
    },
    pause,
  };
}
