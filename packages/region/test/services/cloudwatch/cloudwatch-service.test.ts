import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventSink } from '../../../gateway/service.ts';
import {
  type CloudWatchService,
  cloudWatchService,
} from '../../../services/cloudwatch/cloudwatch-service.ts';
import { ManualTime } from '../../manual-time.ts';
import { place, type Served, serve } from '../serve.ts';

const begin = Date.parse('2026-01-01T00:00:00Z');

let directory: string;
let service: CloudWatchService;
let served: Served;
let client: CloudWatchClient;
let time: ManualTime;
/** Alarms whose new state has actions, in order. */
let actions: [name: string, state: string][];
let events: Parameters<EventSink['emit']>[0][];

async function start(): Promise<void> {
  service = await cloudWatchService({
    ...place,
    directory,
    events: { emit: async (event) => void events.push(event) },
    time,
    onAction: (alarm) => actions.push([alarm.configuration.AlarmName, alarm.state.value]),
    onFault: (fault) => {
      throw fault;
    },
  });
  served = await serve(service);
  client = new CloudWatchClient(served.clientConfig);
}

async function stop(): Promise<void> {
  client.destroy();
  await served.stop();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloudwatch-'));
  time = new ManualTime('2026-01-01T00:00:00Z');
  actions = [];
  events = [];
  await start();
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

const drift = {
  AlarmName: 'drift-m1',
  AlarmDescription: 'Drift of m1',
  Namespace: 'Example',
  MetricName: 'Psi',
  Dimensions: [{ Name: 'ModelId', Value: 'm1' }],
  Statistic: 'Maximum',
  Period: 300,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 0.2,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: ['arn:aws:sns:eu-west-1:000000000000:alarms'],
} as const satisfies PutMetricAlarmCommandInput;

const put = (changes: object = {}) =>
  client.send(
    new PutMetricAlarmCommand({ ...structuredClone(drift), ...changes } as PutMetricAlarmCommandInput),
  );
const described = async (AlarmName = 'drift-m1') =>
  (await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))).MetricAlarms?.[0];
const setState = (StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', StateReason = 'because') =>
  client.send(new SetAlarmStateCommand({ AlarmName: 'drift-m1', StateValue, StateReason }));
const lastEvent = async () => {
  await service.idle();
  return events.at(-1);
};

describe('an alarm', () => {
  test('is described as it was put, and has no data yet', async () => {
    await put();

    expect(await described()).toMatchObject({
      ...drift,
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:drift-m1',
      ActionsEnabled: true,
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      AlarmConfigurationUpdatedTimestamp: new Date(time.now()),
    });
  });

  test('keeps its state when it is put again', async () => {
    await put();
    await setState('OK');
    await put({ Threshold: 0.3 });

    expect(await described()).toMatchObject({ StateValue: 'OK', Threshold: 0.3 });
  });

  test('outlives a restart with its state', async () => {
    await put();
    await setState('ALARM', 'over the line');
    await stop();
    await start();

    expect(await described()).toMatchObject({ StateValue: 'ALARM', StateReason: 'over the line' });
  });

  test('is gone when it is deleted', async () => {
    await put();
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['drift-m1'] }));

    expect(await described()).toBeUndefined();
  });

  test('stays if another one to delete does not exist', async () => {
    await put();

    await expect(
      client.send(new DeleteAlarmsCommand({ AlarmNames: ['drift-m1', 'missing'] })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    expect(await described()).toBeDefined();
  });
});

describe('a change of state', () => {
  test('is an event, in the shape of CloudWatch', async () => {
    await put();
    time.advance(1);
    await setState('OK', 'fine');
    time.advance(1);
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: 'drift-m1',
        StateValue: 'ALARM',
        StateReason: 'Threshold Crossed',
        StateReasonData: '{"version":"1.0"}',
      }),
    );

    expect(await lastEvent()).toEqual({
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      resources: ['arn:aws:cloudwatch:eu-west-1:000000000000:alarm:drift-m1'],
      at: begin + 2000,
      detail: {
        alarmName: 'drift-m1',
        configuration: {
          description: 'Drift of m1',
          metrics: [
            {
              id: expect.stringMatching(/^[0-9a-f-]{36}$/),
              metricStat: {
                metric: { namespace: 'Example', name: 'Psi', dimensions: { ModelId: 'm1' } },
                period: 300,
                stat: 'Maximum',
              },
              returnData: true,
            },
          ],
        },
        previousState: { value: 'OK', reason: 'fine', timestamp: '2026-01-01T00:00:01.000+0000' },
        state: {
          value: 'ALARM',
          reason: 'Threshold Crossed',
          reasonData: '{"version":"1.0"}',
          timestamp: '2026-01-01T00:00:02.000+0000',
        },
      },
    });
  });

  test('to the same state is none', async () => {
    await put();
    await setState('ALARM');
    await lastEvent();
    const before = events.length;
    time.advance(5);
    await setState('ALARM', 'again');

    await service.idle();
    expect(events).toHaveLength(before);
    expect(await described()).toMatchObject({
      StateReason: 'again',
      StateUpdatedTimestamp: new Date(time.now()),
      StateTransitionedTimestamp: new Date(time.now() - 5000),
    });
  });

  test('of metric math names its expressions', async () => {
    await put({
      Namespace: undefined,
      MetricName: undefined,
      Dimensions: undefined,
      Statistic: undefined,
      Period: undefined,
      Metrics: [
        { Id: 'e', Expression: 'm / 2', Label: 'half' },
        {
          Id: 'm',
          MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'Sum' },
          ReturnData: false,
        },
      ],
    });
    await setState('ALARM');

    expect((await lastEvent())?.detail).toMatchObject({
      configuration: {
        metrics: [
          { id: 'e', expression: 'm / 2', label: 'half', returnData: true },
          {
            id: 'm',
            metricStat: { metric: { namespace: 'N', name: 'M', dimensions: {} }, period: 60, stat: 'Sum' },
            returnData: false,
          },
        ],
      },
    });
  });

  test('of an unknown alarm is an error', async () => {
    await expect(setState('OK')).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });
});

test('creating, changing and deleting an alarm are events', async () => {
  await put();
  await put({ Threshold: 0.5 });
  await client.send(new DeleteAlarmsCommand({ AlarmNames: ['drift-m1'] }));
  await service.idle();

  expect(events.map((event) => event['detail-type'])).toEqual(
    Array.from({ length: 3 }, () => 'CloudWatch Alarm Configuration Change'),
  );
  expect(events.map(({ detail }) => detail)).toMatchObject([
    { operation: 'create', configuration: { threshold: 0.2 } },
    { operation: 'update', configuration: { threshold: 0.5 }, previousConfiguration: { threshold: 0.2 } },
    { operation: 'delete', state: { value: 'INSUFFICIENT_DATA' } },
  ]);
});

describe('alarms are found', () => {
  const found = async (input: object) => {
    const { MetricAlarms, NextToken } = await client.send(new DescribeAlarmsCommand(input));
    return { names: MetricAlarms?.map(({ AlarmName }) => AlarmName), NextToken };
  };

  beforeEach(async () => {
    for (const AlarmName of ['drift-m1', 'drift-m2', 'quality-m1']) await put({ AlarmName });
    await setState('ALARM');
  });

  test.each([
    ['by prefix', { AlarmNamePrefix: 'drift-' }, ['drift-m1', 'drift-m2']],
    ['by state', { StateValue: 'ALARM' }, ['drift-m1']],
    ['by action', { ActionPrefix: 'arn:aws:sns:' }, ['drift-m1', 'drift-m2', 'quality-m1']],
    ['by none of their actions', { ActionPrefix: 'arn:aws:ssm:' }, []],
  ])('%s', async (_title, input, names) => {
    expect((await found(input)).names).toEqual(names);
  });

  test('in pages', async () => {
    const first = await found({ MaxRecords: 2 });
    const second = await found({ MaxRecords: 2, NextToken: first.NextToken });

    expect(first.names).toEqual(['drift-m1', 'drift-m2']);
    expect(second).toEqual({ names: ['quality-m1'], NextToken: undefined });
  });
});

describe('an alarm is refused', () => {
  test.each([
    ['without metric', { MetricName: undefined }, 'ValidationException'],
    ['with two statistics', { ExtendedStatistic: 'p99' }, 'ValidationException'],
    ['that looks back more than a day', { EvaluationPeriods: 289 }, 'ValidationException'],
    ['that wants more datapoints than periods', { DatapointsToAlarm: 4 }, 'ValidationException'],
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Period
    ['with a period of 5 seconds', { Period: 5 }, 'ValidationException'],
    ['with a period of 90 seconds', { Period: 90 }, 'ValidationException'],
    ['with six actions', { OKActions: ['1', '2', '3', '4', '5', '6'] }, 'ValidationException'],
    ['of anomaly detection', { ThresholdMetricId: 'ad1' }, 'NotImplemented'],
    ['of a trimmed mean', { Statistic: undefined, ExtendedStatistic: 'tm90' }, 'NotImplemented'],
  ])('%s', async (_title, changes, name) => {
    await expect(put(changes)).rejects.toMatchObject({ name });
  });
});

describe('metric data', () => {
  const metric = { namespace: 'Example', name: 'Psi', dimensions: drift.Dimensions };
  const send = (...MetricData: object[]) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: 'Example',
        MetricData: MetricData.map((datum) => ({
          MetricName: 'Psi',
          Dimensions: [...drift.Dimensions],
          ...datum,
        })),
      }),
    );

  test('are kept by metric and time', async () => {
    const at = (seconds: number) => new Date(begin + seconds * 1000);
    await send(
      { Value: 0.1, Timestamp: at(0), Unit: 'None' },
      { Value: 0.3, Timestamp: at(60) },
      { Value: 9, Timestamp: at(120) },
      { Value: 7, Dimensions: [{ Name: 'ModelId', Value: 'm2' }], Timestamp: at(0) },
    );

    const datapoints = await service.datapoints(metric, begin, begin + 120_000);

    expect(datapoints.map(({ at, sum }) => [at - begin, sum])).toEqual([
      [0, 0.1],
      [60_000, 0.3],
    ]);
  });

  test('of many values are summed up', async () => {
    await send({ Values: [1, 5, 3], Counts: [2, 1, 1] });

    expect(await service.datapoints(metric, begin, begin + 1)).toMatchObject([
      { sampleCount: 4, sum: 10, minimum: 1, maximum: 5 },
    ]);
  });

  test('can come summed up', async () => {
    await send({ StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 } });

    expect(await service.datapoints(metric, begin, begin + 1)).toMatchObject([
      { sampleCount: 2, sum: 3, minimum: 1, maximum: 2 },
    ]);
  });

  test('that the SDK compresses are understood', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ Value: index }));

    await send(...many);

    expect(await service.datapoints(metric, begin, begin + 1)).toHaveLength(500);
  });

  test('are forgotten after fifteen days', async () => {
    await send({ Value: 1 });
    await stop();
    time.advance(16 * 24 * 60 * 60);
    await start();

    expect(await service.datapoints(metric, 0, time.now())).toEqual([]);
  });

  test.each([
    ['without value', {}, 'InvalidParameterValueException'],
    ['with two kinds of value', { Value: 1, Values: [1] }, 'InvalidParameterValueException'],
    ['with more counts than values', { Values: [1], Counts: [1, 2] }, 'InvalidParameterValueException'],
    ['of three weeks ago', { Value: 1, Timestamp: new Date('2025-12-10') }, 'InvalidParameterValueException'],
    ['that are no number', { Value: Number.NaN }, 'ValidationException'],
    ['with 151 values', { Values: Array.from({ length: 151 }, () => 1) }, 'ValidationException'],
  ])('are refused %s', async (_title, datum, name) => {
    await expect(send(datum)).rejects.toMatchObject({ name });
  });
});

describe('an evaluated alarm', () => {
  /** Hourly, two of three, above a half: the shape of our own alarms on drift. */
  const hourly = {
    Statistic: 'Maximum',
    Period: 3600,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 0.5,
    TreatMissingData: 'ignore',
  };
  const report = (Value: number, Timestamp: string) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: 'Example',
        MetricData: [
          { MetricName: 'Psi', Dimensions: [...drift.Dimensions], Value, Timestamp: new Date(Timestamp) },
        ],
      }),
    );
  const stateOf = async () => (await described())?.StateValue;
  const changes = () =>
    events
      .filter((event) => event['detail-type'] === 'CloudWatch Alarm State Change')
      .map(({ detail }) => Object(detail))
      .map(({ previousState, state }) => `${previousState.value} -> ${state.value}`);

  beforeEach(() => service.start());

  test('goes through its states as the windows are reported, and back', async () => {
    await put(hourly);
    for (const [hour, value, state] of [
      ['01', 0, 'OK'],
      ['02', 1, 'OK'],
      ['03', 1, 'ALARM'],
      ['04', 0, 'ALARM'],
      ['05', 0, 'OK'],
    ] as const) {
      time.moveTo(`2026-01-01T${hour}:00:00Z`);
      await report(value, `2026-01-01T${hour}:00:00Z`);
      time.moveTo(`2026-01-01T${hour}:01:00Z`);
      await expect.poll(stateOf).toBe(state);
    }
    await service.idle();

    expect(changes()).toEqual(['INSUFFICIENT_DATA -> OK', 'OK -> ALARM', 'ALARM -> OK']);
    expect(events.map(({ detail }) => Object(detail).state.reason)).toContain(
      'Threshold Crossed: 2 out of the last 3 datapoints [1 (01/01/26 02:01:00), 1 (01/01/26 01:01:00)] were greater than the threshold (0.5) (minimum 2 datapoints for OK -> ALARM transition).',
    );
    expect(actions).toEqual([['drift-m1', 'ALARM']]);
  });

  test('tells why, in CloudWatch’s words and data', async () => {
    await put({ ...hourly, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    time.moveTo('2026-01-01T01:00:00Z');
    await report(0.75, '2026-01-01T01:00:00Z');
    time.moveTo('2026-01-01T01:01:00Z');
    await expect.poll(stateOf).toBe('ALARM');
    await service.idle();

    const { state, configuration } = Object(events.at(-1)?.detail);
    expect(state.reason).toBe(
      'Threshold Crossed: 1 out of the last 1 datapoints [0.75 (01/01/26 00:01:00)] was greater than the threshold (0.5) (minimum 1 datapoint for INSUFFICIENT_DATA -> ALARM transition).',
    );
    expect(JSON.parse(state.reasonData)).toEqual({
      version: '1.0',
      queryDate: '2026-01-01T01:01:00.000+0000',
      startDate: '2026-01-01T00:01:00.000+0000',
      statistic: 'Maximum',
      period: 3600,
      recentDatapoints: [0.75],
      threshold: 0.5,
      evaluatedDatapoints: [{ timestamp: '2026-01-01T00:01:00.000+0000', sampleCount: 1, value: 0.75 }],
    });
    expect(configuration.metrics[0].metricStat.metric.dimensions).toEqual({ ModelId: 'm1' });
    expect(events.at(-1)?.at).toBe(Date.parse('2026-01-01T01:01:00Z'));
  });

  test.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'ALARM'],
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
  ])('whose data stop is %s: %s', async (TreatMissingData, state) => {
    await put({ ...hourly, EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData });
    time.moveTo('2026-01-01T01:00:00Z');
    await report(1, '2026-01-01T01:00:00Z');
    time.moveTo('2026-01-01T01:01:00Z');
    await expect.poll(stateOf).toBe('ALARM');
    // One more alarm tells when the clock has been seen to pass.
    await put({ ...hourly, AlarmName: 'other', TreatMissingData: 'notBreaching' });
    time.moveTo('2026-01-01T05:00:00Z');
    await expect.poll(async () => (await described('other'))?.StateValue).toBe('OK');

    await expect.poll(stateOf).toBe(state);
  });

  test('without any data is OK where missing data do not breach, and unknown otherwise', async () => {
    await put({ AlarmName: 'quiet', TreatMissingData: 'notBreaching' });
    await put({ AlarmName: 'unknown', TreatMissingData: 'missing' });
    time.advance(60);

    await expect.poll(async () => (await described('quiet'))?.StateValue).toBe('OK');
    expect((await described('unknown'))?.StateValue).toBe('INSUFFICIENT_DATA');
  });

  test('that somebody set to another state is set right by the next evaluation', async () => {
    await put({ TreatMissingData: 'notBreaching' });
    time.advance(60);
    await expect.poll(stateOf).toBe('OK');
    await setState('ALARM');
    expect(await stateOf()).toBe('ALARM');
    time.advance(60);

    await expect.poll(stateOf).toBe('OK');
  });

  test('goes on after a restart', async () => {
    await put({ ...hourly, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    await report(1, '2026-01-01T00:00:00Z');
    await stop();
    await start();
    await service.start();
    time.advance(60);

    await expect.poll(stateOf).toBe('ALARM');
  });

  test('takes no actions while they are not enabled, and is an event all the same', async () => {
    await put({ ...hourly, EvaluationPeriods: 1, DatapointsToAlarm: 1, ActionsEnabled: false });
    await report(1, '2026-01-01T00:00:00Z');
    time.advance(60);
    await expect.poll(stateOf).toBe('ALARM');
    await service.idle();

    expect(actions).toEqual([]);
    expect(changes()).toEqual(['INSUFFICIENT_DATA -> ALARM']);
  });

  test('on a service’s own metric sees it', async () => {
    await put({
      Namespace: 'AWS/SageMaker',
      MetricName: 'ModelLatency',
      Dimensions: [{ Name: 'EndpointName', Value: 'e' }],
      Statistic: undefined,
      ExtendedStatistic: 'p90',
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Threshold: 100,
    });
    await service.put(
      [100, 200].map((value) => ({
        namespace: 'AWS/SageMaker',
        name: 'ModelLatency',
        dimensions: { EndpointName: 'e' },
        value,
        unit: 'Microseconds',
        at: time.now(),
      })),
    );
    time.advance(60);

    await expect.poll(stateOf).toBe('ALARM');
  });
});

describe('PutMetricAlarm', () => {
  const asRole = () =>
    new CloudWatchClient({
      ...served.clientConfig,
      credentials: served.roles.credentialsFor('arn:aws:iam::000000000000:role/onboard'),
    });

  test('is throttled for roles at its quota', async () => {
    const role = asRole();
    const calls = Array.from({ length: 12 }, (_, index) =>
      role.send(new PutMetricAlarmCommand({ ...structuredClone(drift), AlarmName: `drift-${index}` })),
    );
    const outcomes = await Promise.allSettled(calls);
    role.destroy();

    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ name: 'ThrottlingException' });
  });

  test('is not throttled for the person at the laptop', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => put({ AlarmName: `drift-${index}` })));
  });
});

describe('statistics', () => {
  const minute = (index: number) => new Date(begin + index * 60_000);
  beforeEach(async () => {
    time.advance(600);
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Example',
        MetricData: [
          { MetricName: 'Psi', Values: [1, 2, 3, 10], Counts: [1, 1, 1, 1], Timestamp: minute(0) },
          { MetricName: 'Psi', Value: 4, Timestamp: minute(1) },
          { MetricName: 'Psi', Value: 6, Timestamp: minute(5) },
        ],
      }),
    );
  });

  test('are given by period', async () => {
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Example',
        MetricName: 'Psi',
        StartTime: minute(0),
        EndTime: minute(10),
        Period: 300,
        Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
        ExtendedStatistics: ['p50'],
      }),
    );

    expect(Datapoints).toMatchObject([
      {
        Timestamp: minute(0),
        Sum: 20,
        Average: 4,
        Minimum: 1,
        Maximum: 10,
        SampleCount: 5,
        ExtendedStatistics: { p50: 3 },
      },
      { Timestamp: minute(5), Sum: 6, SampleCount: 1 },
    ]);
  });

  test('are given as data, newest first unless told', async () => {
    const query = {
      Id: 'm',
      MetricStat: { Metric: { Namespace: 'Example', MetricName: 'Psi' }, Period: 60, Stat: 'Maximum' },
    };
    const data = async (ScanBy?: 'TimestampAscending') =>
      (
        await client.send(
          new GetMetricDataCommand({
            MetricDataQueries: [query],
            StartTime: minute(0),
            EndTime: minute(10),
            ScanBy,
          }),
        )
      ).MetricDataResults?.[0];

    expect(await data()).toMatchObject({ Id: 'm', Values: [6, 4, 10], StatusCode: 'Complete' });
    expect(await data('TimestampAscending')).toMatchObject({
      Values: [10, 4, 6],
      Timestamps: [minute(0), minute(1), minute(5)],
    });
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html, Period
  test('are asked for in periods that CloudWatch has', async () => {
    const range = { StartTime: minute(0), EndTime: minute(1) };
    const Metric = { Namespace: 'N', MetricName: 'M' };
    const refused = { name: 'ValidationException', message: expect.stringContaining('multiple of 60') };

    for (const Period of [7, 61]) {
      await expect(
        client.send(new GetMetricStatisticsCommand({ ...Metric, ...range, Period, Statistics: ['Sum'] })),
      ).rejects.toMatchObject(refused);
      await expect(
        client.send(
          new GetMetricDataCommand({
            ...range,
            MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period, Stat: 'Sum' } }],
          }),
        ),
      ).rejects.toMatchObject(refused);
    }
  });

  test.each([
    ['of expressions', { MetricDataQueries: [{ Id: 'e', Expression: '1 + 1' }] }],
    [
      'such as trimmed means',
      {
        MetricDataQueries: [
          { Id: 'm', MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'tm90' } },
        ],
      },
    ],
  ])('%s are not served', async (_title, input) => {
    await expect(
      client.send(new GetMetricDataCommand({ ...input, StartTime: minute(0), EndTime: minute(1) })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/NotImplemented|Validation/) });
  });
});

test('what is not served says so', async () => {
  await expect(client.send(new ListMetricsCommand({}))).rejects.toMatchObject({
    name: 'NotImplemented',
    $metadata: { httpStatusCode: 501 },
  });
});
