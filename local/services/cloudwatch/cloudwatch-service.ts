import { jsonService } from '../../gateway/json-service.ts';
import type { EventSink, Service } from '../../gateway/service.ts';
import { RecordStore } from '../../store/record-store.ts';
import { CloudWatchState } from './cloudwatch-state.ts';
import type { Datapoint, Metric } from './datapoints.ts';
import { deleteAlarms } from './delete-alarms.ts';
import { describeAlarms } from './describe-alarms.ts';
import { putMetricAlarm } from './put-metric-alarm.ts';
import { putMetricData } from './put-metric-data.ts';
import { setAlarmState } from './set-alarm-state.ts';

export interface CloudWatchServiceOptions {
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** Takes the events of alarms. */
  readonly events: EventSink;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly onFault?: (fault: unknown, what: string) => void;
}

export interface CloudWatchService extends Service {
  /** Datapoints of exactly this metric from `start` up to but not including `end`, in milliseconds since 1970. */
  datapoints(metric: Metric, start: number, end: number): Promise<Datapoint[]>;
  /** Resolves when every event so far is with the default bus. */
  idle(): Promise<void>;
}

/** Opens the local CloudWatch: keeps alarms, their states and datapoints. Alarms change state when they are told to. */
export async function cloudWatchService({
  directory,
  accountId,
  region,
  events,
  now = Date.now,
  onFault = () => undefined,
}: CloudWatchServiceOptions): Promise<CloudWatchService> {
  const records = await RecordStore.open(directory);
  const state = new CloudWatchState({ records, accountId, region, events, now, onFault });
  await state.datapoints.forgetOld();
  state.outbox.send();
  const service = jsonService({
    signingName: 'monitoring',
    version: '1.0',
    operations: {
      DeleteAlarms: deleteAlarms(state),
      DescribeAlarms: describeAlarms(state),
      PutMetricAlarm: putMetricAlarm(state),
      PutMetricData: putMetricData(state),
      SetAlarmState: setAlarmState(state),
    },
    async close() {
      await state.turns.idle();
      await state.outbox.idle();
      await records.close();
    },
  });
  return {
    ...service,
    datapoints: (metric, start, end) => state.datapoints.between(metric, start, end),
    idle: () => state.outbox.idle(),
  };
}
