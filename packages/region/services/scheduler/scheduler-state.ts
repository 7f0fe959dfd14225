import { AwsError } from '../../aws-error.ts';
import type { Roles } from '../../gateway/roles.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import { Mutex } from '../../store/mutex.ts';
import type { Collection, RecordChange, RecordStore } from '../../store/record-store.ts';
import { groupSchema, type Schedule, type ScheduleGroup, scheduleSchema } from './schedule.schema.ts';

export interface SchedulerStateOptions {
  readonly records: RecordStore;
  readonly accountId: string;
  readonly region: string;
  /** Virtual time, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly roles: Roles;
  /** Services whose ARNs a schedule can have as its target. */
  readonly targetServices: ReadonlySet<string>;
}

export const defaultGroup = 'default';

/** Groups and schedules: in memory, and on disk for the next start. */
export class SchedulerState {
  readonly now: () => number;
  readonly targetServices: ReadonlySet<string>;
  /** Changes, one at a time. */
  readonly turns = new Mutex();
  /** Told of every schedule that is written or taken away. */
  onChange: (key: string, schedule: Schedule | undefined) => void = () => undefined;
  readonly #options: SchedulerStateOptions;
  readonly #groupRecords: Collection<ScheduleGroup>;
  readonly #scheduleRecords: Collection<Schedule>;
  readonly #groups = new Map<string, ScheduleGroup>([[defaultGroup, { name: defaultGroup, createdAt: 0 }]]);
  readonly #schedules = new Map<string, Schedule>();

  private constructor(options: SchedulerStateOptions) {
    this.#options = options;
    this.now = options.now;
    this.targetServices = options.targetServices;
    this.#groupRecords = options.records.collection('group', groupSchema);
    this.#scheduleRecords = options.records.collection('schedule', scheduleSchema);
  }

  static async open(options: SchedulerStateOptions): Promise<SchedulerState> {
    const state = new SchedulerState(options);
    for await (const [name, group] of state.#groupRecords.entries()) state.#groups.set(name, group);
    for await (const [key, schedule] of state.#scheduleRecords.entries()) state.#schedules.set(key, schedule);
    return state;
  }

  // Groups

  groupArn(name: string): string {
    return `${this.#arnPrefix}schedule-group/${name}`;
  }

  /** All groups, by name. */
  groups(): readonly ScheduleGroup[] {
    return [...this.#groups.values()].sort(byName);
  }

  findGroup(name: string): ScheduleGroup | undefined {
    return this.#groups.get(name);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  group(name: string): ScheduleGroup {
    const group = this.#groups.get(name);
    if (!group) throw notFound(`Schedule group ${name} does not exist.`);
    return group;
  }

  /** @throws AwsError `ValidationException` unless the role lets Scheduler act as it, for the schedules of a group */
  assertRole(roleArn: string, group: string): void {
    try {
      this.#options.roles.assume(roleArn, 'scheduler.amazonaws.com', this.groupArn(group));
    } catch (error) {
      if (!(error instanceof AccessDeniedError)) throw error;
      throw new AwsError(
        'ValidationException',
        `The execution role you provide must allow AWS EventBridge Scheduler to assume the role. (${error.message})`,
      );
    }
  }

  async saveGroup(group: ScheduleGroup): Promise<void> {
    await this.#options.records.write([this.#groupRecords.put(group.name, group)]);
    this.#groups.set(group.name, group);
  }

  /** With all its schedules. */
  async removeGroup(name: string): Promise<void> {
    const schedules = this.schedules().filter(({ group }) => group === name);
    await this.#options.records.write([
      this.#groupRecords.del(name),
      ...schedules.map((schedule) => this.#scheduleRecords.del(scheduleKey(schedule))),
    ]);
    this.#groups.delete(name);
    for (const schedule of schedules) this.#forget(scheduleKey(schedule));
  }

  // Schedules

  arn({ group, name }: Pick<Schedule, 'group' | 'name'>): string {
    return `${this.#arnPrefix}schedule/${group}/${name}`;
  }

  /** All schedules, by group and name. */
  schedules(): readonly Schedule[] {
    return [...this.#schedules.values()].sort(
      (one, other) => compare(one.group, other.group) || byName(one, other),
    );
  }

  find(group: string, name: string): Schedule | undefined {
    return this.#schedules.get(scheduleKey({ group, name }));
  }

  /** @throws AwsError `ResourceNotFoundException` */
  schedule(group: string, name: string): Schedule {
    const schedule = this.find(group, name);
    if (!schedule) throw notFound(`Schedule ${name} does not exist.`);
    return schedule;
  }

  /** Writes a schedule together with what follows from the change. */
  async save(schedule: Schedule, along: readonly RecordChange[] = []): Promise<void> {
    const key = scheduleKey(schedule);
    await this.#options.records.write([this.#scheduleRecords.put(key, schedule), ...along]);
    this.#schedules.set(key, schedule);
    this.onChange(key, schedule);
  }

  async remove(schedule: Schedule, along: readonly RecordChange[] = []): Promise<void> {
    const key = scheduleKey(schedule);
    await this.#options.records.write([this.#scheduleRecords.del(key), ...along]);
    this.#forget(key);
  }

  #forget(key: string): void {
    this.#schedules.delete(key);
    this.onChange(key, undefined);
  }

  get #arnPrefix(): string {
    return `arn:aws:scheduler:${this.#options.region}:${this.#options.accountId}:`;
  }
}

export function scheduleKey({ group, name }: Pick<Schedule, 'group' | 'name'>): string {
  return `${group}/${name}`;
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404);
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  compare(one.name, other.name);
