import { AwsError } from '../../aws-error.ts';
import type { EventSink } from '../../gateway/service.ts';
import { Mutex } from '../../store/mutex.ts';
import type { Collection, RecordStore } from '../../store/record-store.ts';
import { Outbox, type OutgoingEvent } from '../events/outbox.ts';
import { type Alarm, alarmSchema } from './alarm.schema.ts';
import { Datapoints } from './datapoints.ts';

export interface CloudWatchStateOptions {
  readonly records: RecordStore;
  readonly accountId: string;
  readonly region: string;
  readonly events: EventSink;
  readonly now: () => number;
  readonly onFault: (fault: unknown, what: string) => void;
  /** Told of a new state that has actions. */
  readonly onAction: (alarm: Alarm, actions: readonly string[]) => void;
}

/** Alarms and datapoints, on disk, and the events of alarms on their way to the default bus. */
export class CloudWatchState {
  readonly now: () => number;
  /** Changes of alarms, one at a time. */
  readonly turns = new Mutex();
  readonly datapoints: Datapoints;
  readonly outbox: Outbox;
  /** Told of every alarm that is written or taken away. */
  onAlarm: (name: string, alarm: Alarm | undefined) => void = () => undefined;
  readonly #onAction: CloudWatchStateOptions['onAction'];
  readonly #records: RecordStore;
  readonly #alarms: Collection<Alarm>;
  readonly #arnPrefix: string;
  #changes = 0;

  constructor({ records, accountId, region, events, now, onFault, onAction }: CloudWatchStateOptions) {
    this.#onAction = onAction;
    this.now = now;
    this.outbox = new Outbox('cloudwatch', records, events, onFault);
    this.datapoints = new Datapoints(records, now);
    this.#records = records;
    this.#alarms = records.collection('alarm', alarmSchema);
    this.#arnPrefix = `arn:aws:cloudwatch:${region}:${accountId}:alarm:`;
  }

  arn(alarmName: string): string {
    return this.#arnPrefix + alarmName;
  }

  /** All alarms, by name. */
  async alarms(): Promise<Alarm[]> {
    const alarms: Alarm[] = [];
    for await (const [, alarm] of this.#alarms.entries()) alarms.push(alarm);
    return alarms;
  }

  async find(alarmName: string): Promise<Alarm | undefined> {
    return await this.#alarms.get(alarmName);
  }

  async alarm(alarmName: string): Promise<Alarm> {
    const alarm = await this.find(alarmName);
    if (!alarm) throw new AwsError('ResourceNotFound', `There is no alarm called ${alarmName}.`, 404);
    return alarm;
  }

  /** Writes an alarm together with the event that tells of it. */
  async save(alarm: Alarm, event: OutgoingEvent | undefined): Promise<void> {
    await this.#write(this.#alarms.put(alarm.configuration.AlarmName, alarm), event);
    this.onAlarm(alarm.configuration.AlarmName, alarm);
  }

  /** Writes an alarm that has changed its state, with the event, and takes the actions of the new state. */
  async change(alarm: Alarm, event: OutgoingEvent): Promise<void> {
    await this.save(alarm, event);
    const actions = actionsOf(alarm);
    if (actions.length > 0) this.#onAction(alarm, actions);
  }

  async remove(alarm: Alarm, event: OutgoingEvent): Promise<void> {
    await this.#write(this.#alarms.del(alarm.configuration.AlarmName), event);
    this.onAlarm(alarm.configuration.AlarmName, undefined);
  }

  async #write(
    change: ReturnType<Collection<Alarm>['put']>,
    event: OutgoingEvent | undefined,
  ): Promise<void> {
    this.#changes += 1;
    const order = `${String(this.now()).padStart(15, '0')}-${String(this.#changes).padStart(9, '0')}`;
    await this.#records.write([change, ...(event ? [this.outbox.record(order, event)] : [])]);
    this.outbox.send();
  }
}

/** What is to be done in the alarm's present state. */
function actionsOf({ configuration, state }: Alarm): readonly string[] {
  if (!configuration.ActionsEnabled) return [];
  return {
    OK: configuration.OKActions,
    ALARM: configuration.AlarmActions,
    INSUFFICIENT_DATA: configuration.InsufficientDataActions,
  }[state.value];
}
