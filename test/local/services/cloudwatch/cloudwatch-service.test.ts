import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventSink } from '../../../../local/gateway/service.ts';
import {
  type CloudWatchService,
  cloudWatchService,
} from '../../../../local/services/cloudwatch/cloudwatch-service.ts';
import { place, type Served, serve } from '../serve.ts';

let directory: string;
let service: CloudWatchService;
let served: Served;
let client: CloudWatchClient;
let now: number;
let events: Parameters<EventSink['emit']>[0][];

async function start(): Promise<void> {
  service = await cloudWatchService({
    ...place,
    directory,
    events: { emit: async (event) => void events.push(event) },
    now: () => now,
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
  now = Date.parse('2026-01-01T00:00:00Z');
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
  Namespace: 'Tidemark',
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
      AlarmConfigurationUpdatedTimestamp: new Date(now),
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
    now += 1000;
    await setState('OK', 'fine');
    now += 1000;
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
      detail: {
        alarmName: 'drift-m1',
        configuration: {
          description: 'Drift of m1',
          metrics: [
            {
              id: expect.stringMatching(/^[0-9a-f-]{36}$/),
              metricStat: {
                metric: { namespace: 'Tidemark', name: 'Psi', dimensions: { ModelId: 'm1' } },
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
    now += 5000;
    await setState('ALARM', 'again');

    await service.idle();
    expect(events).toHaveLength(before);
    expect(await described()).toMatchObject({
      StateReason: 'again',
      StateUpdatedTimestamp: new Date(now),
      StateTransitionedTimestamp: new Date(now - 5000),
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
    ['with six actions', { OKActions: ['1', '2', '3', '4', '5', '6'] }, 'ValidationException'],
    ['of anomaly detection', { ThresholdMetricId: 'ad1' }, 'NotImplemented'],
  ])('%s', async (_title, changes, name) => {
    await expect(put(changes)).rejects.toMatchObject({ name });
  });
});

describe('metric data', () => {
  const metric = { namespace: 'Tidemark', name: 'Psi', dimensions: drift.Dimensions };
  const send = (...MetricData: object[]) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: 'Tidemark',
        MetricData: MetricData.map((datum) => ({
          MetricName: 'Psi',
          Dimensions: [...drift.Dimensions],
          ...datum,
        })),
      }),
    );

  test('are kept by metric and time', async () => {
    const at = (seconds: number) => new Date(now + seconds * 1000);
    await send(
      { Value: 0.1, Timestamp: at(0), Unit: 'None' },
      { Value: 0.3, Timestamp: at(60) },
      { Value: 9, Timestamp: at(120) },
      { Value: 7, Dimensions: [{ Name: 'ModelId', Value: 'm2' }], Timestamp: at(0) },
    );

    const datapoints = await service.datapoints(metric, now, now + 120_000);

    expect(datapoints.map(({ at: time, sum }) => [time - now, sum])).toEqual([
      [0, 0.1],
      [60_000, 0.3],
    ]);
  });

  test('of many values are summed up', async () => {
    await send({ Values: [1, 5, 3], Counts: [2, 1, 1] });

    expect(await service.datapoints(metric, now, now + 1)).toMatchObject([
      { sampleCount: 4, sum: 10, minimum: 1, maximum: 5 },
    ]);
  });

  test('can come summed up', async () => {
    await send({ StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 } });

    expect(await service.datapoints(metric, now, now + 1)).toMatchObject([
      { sampleCount: 2, sum: 3, minimum: 1, maximum: 2 },
    ]);
  });

  test('that the SDK compresses are understood', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ Value: index }));

    await send(...many);

    expect(await service.datapoints(metric, now, now + 1)).toHaveLength(500);
  });

  test('are forgotten after fifteen days', async () => {
    await send({ Value: 1 });
    await stop();
    now += 16 * 24 * 60 * 60 * 1000;
    await start();

    expect(await service.datapoints(metric, 0, now)).toEqual([]);
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

test('what is not served says so', async () => {
  await expect(client.send(new ListMetricsCommand({}))).rejects.toMatchObject({
    name: 'NotImplemented',
    $metadata: { httpStatusCode: 501 },
  });
});
