import { type Clock, wallClock } from '../../clock.ts';
import { jsonService } from '../../gateway/json-service.ts';
import type { EventSink, Service } from '../../gateway/service.ts';
import { Throttle } from '../../gateway/throttle.ts';
import { RecordStore } from '../../store/record-store.ts';
import type { Time } from '../../virtual-time.ts';
import type { MetricSink } from '../sagemaker/invocation-metrics.ts';
import type { Alarm } from './alarm.schema.ts';
import { CloudWatchState } from './cloudwatch-state.ts';
import type { Datapoint, MetricIdentity } from './datapoints.ts';
import { deleteAlarms } from './delete-alarms.ts';
import { describeAlarms } from './describe-alarms.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { Evaluations } from './evaluations.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { cloudWatchPermissions } from './permissions.ts';
import { putMetricAlarm } from './put-metric-alarm.ts';
import { putMetricData } from './put-metric-data.ts';
import { serviceMetric } from './service-metric.ts';
import { setAlarmState } from './set-alarm-state.ts';

export interface CloudWatchServiceOptions {
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** Takes the events of alarms. */
  readonly events: EventSink;
  /** What metrics and alarms go by. */
  readonly time: Time;
  /** The wall's: what quotas go by. */
  readonly clock?: Clock;
  /** PutMetricAlarm calls of roles a second: 3, CloudWatch's own quota, unless told. */
  readonly putMetricAlarmPerSecond?: number;
  /** Told of an alarm whose new state has actions, with their ARNs. */
  readonly onAction?: (alarm: Alarm, actions: readonly string[]) => void;
  readonly onFault?: (fault: unknown, what: string) => void;
}

export interface CloudWatchService extends Service, MetricSink {
  /** Takes the metrics that a line of a function's log may hold, in the embedded metric format. */
  readLog(line: string): void;
  /** From now on alarms are evaluated. */
  start(): Promise<void>;
  /** Datapoints of exactly this metric from `start` up to but not including `end`, in milliseconds since 1970. */
  datapoints(metric: MetricIdentity, start: number, end: number): Promise<Datapoint[]>;
  /** Resolves when every event so far is with the default bus. */
  idle(): Promise<void>;
}

/** CloudWatch's default quota. */
const defaultPutMetricAlarmPerSecond = 3;

/** Opens the local CloudWatch: keeps alarms, their states and datapoints, and evaluates alarms on metrics. */
export async function cloudWatchService({
  directory,
  accountId,
  region,
  events,
  time,
  clock = wallClock(),
  putMetricAlarmPerSecond = defaultPutMetricAlarmPerSecond,
  onAction = () => undefined,
  onFault = () => undefined,
}: CloudWatchServiceOptions): Promise<CloudWatchService> {
  const records = await RecordStore.open(directory);
  const now = () => time.now();
  const state = new CloudWatchState({ records, accountId, region, events, now, onFault, onAction });
  const evaluations = new Evaluations({ state, time, onFault });
  const throttle = new Throttle(
    putMetricAlarmPerSecond,
    () => clock.now(),
    () => clock.waitMilliseconds(1),
  );
  await state.datapoints.forgetOld();
  state.outbox.send();
  /** Done when every line so far is read. */
  let reading = Promise.resolve();
  const service = jsonService({
    signingName: 'monitoring',
    version: '1.0',
    permissions: cloudWatchPermissions,
    deniedCode: 'AccessDenied',
    operations: {
      DeleteAlarms: deleteAlarms(state),
      DescribeAlarms: describeAlarms(state),
      GetMetricData: getMetricData(state),
      GetMetricStatistics: getMetricStatistics(state),
      PutMetricAlarm: putMetricAlarm(state, throttle),
      PutMetricData: putMetricData(state),
      SetAlarmState: setAlarmState(state),
    },
    async close() {
      await evaluations.close();
      await reading;
      await state.turns.idle();
      await state.outbox.idle();
      await records.close();
    },
  });
  return {
    ...service,
    start: () => evaluations.start(),
    readLog(line) {
      const found = embeddedMetrics(line, now());
      if (found.length === 0) return;
      reading = reading
        .then(() => state.datapoints.add(found))
        .catch((fault: unknown) => onFault(fault, 'cloudwatch: the metrics of a log'));
    },
    put: (metrics) => state.datapoints.add(metrics.map(serviceMetric)),
    datapoints: (metric, start, end) => state.datapoints.between(metric, start, end),
    idle: () => state.outbox.idle(),
  };
}
