import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallClock } from '../../../clock.ts';
import { cloudWatchService } from '../../../services/cloudwatch/cloudwatch-service.ts';
import { s3Service } from '../../../services/s3/s3-service.ts';
import { schedulerService } from '../../../services/scheduler/scheduler-service.ts';
import { type StatesService, statesService } from '../../../services/states/states-service.ts';
import { startRegion } from '../../region.ts';

const ignoredEvents = { emit: async () => undefined };
const roleArn = 'arn:aws:iam::111122223333:role/machine';
const sdk = (service: string, action: string, Arguments: object) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::aws-sdk:${service}:${action}`,
  Arguments,
});

let states: StatesService;
let region: Awaited<ReturnType<typeof startRegion>>;

beforeEach(async () => {
  region = await startRegion(async (surroundings) => {
    const directory = (name: string) => `${surroundings.directory}/${name}`;
    states = statesService({ ...surroundings, clock: wallClock({ speed: 20 }), events: ignoredEvents });
    const s3 = await s3Service({ ...surroundings, directory: directory('s3'), events: ignoredEvents });
    await s3.configureBucket('artifacts', { versioned: false, eventBridge: false, objectLock: false });
    return [
      states,
      s3,
      await cloudWatchService({
        ...surroundings,
        directory: directory('cloudwatch'),
        events: ignoredEvents,
        time: wallClock(),
        putMetricAlarmPerSecond: 2,
      }),
      await schedulerService({
        ...surroundings,
        directory: directory('scheduler'),
        time: wallClock(),
        sendDeadLetter: async () => undefined,
      }),
    ];
  });
});
afterEach(() => region.stop());

async function run(machine: object, input: unknown = {}) {
  const arn = states.createStateMachine({
    name: 'monitoring',
    roleArn,
    definition: JSON.stringify({ QueryLanguage: 'JSONata', ...machine }),
  });
  const { executionArn } = states.startExecution(arn, JSON.stringify(input));
  const { status, output = 'null', error, cause } = await states.executionOver(executionArn);
  return { status, output: JSON.parse(output), error, cause };
}

const schedule = {
  Name: 'm-monitor',
  ScheduleExpression: 'cron(0 0 * * ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:m', RoleArn: roleArn },
};
const alarm = {
  AlarmName: '{% $states.input.name %}',
  Namespace: 'Example',
  MetricName: 'Drift',
  Statistic: 'Maximum',
  Period: 86_400,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 0.5,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'ignore',
};

describe('a machine', () => {
  it('makes a schedule, meets it again, and takes it away', async () => {
    const exists = [{ ErrorEquals: ['Scheduler.ConflictException'], Next: 'Update' }];
    const gone = [{ ErrorEquals: ['Scheduler.ResourceNotFoundException'], Next: 'Gone' }];

    const { status, output } = await run({
      StartAt: 'Create',
      States: {
        Create: { ...sdk('scheduler', 'createSchedule', schedule), Next: 'Again' },
        Again: { ...sdk('scheduler', 'createSchedule', schedule), Catch: exists, Next: 'Update' },
        Update: { ...sdk('scheduler', 'updateSchedule', { ...schedule, State: 'DISABLED' }), Next: 'Get' },
        Get: {
          ...sdk('scheduler', 'getSchedule', { Name: 'm-monitor' }),
          Output: '{% $states.result.State %}',
          Assign: { state: '{% $states.result.State %}' },
          Next: 'Delete',
        },
        Delete: { ...sdk('scheduler', 'deleteSchedule', { Name: 'm-monitor' }), Next: 'DeleteAgain' },
        DeleteAgain: {
          ...sdk('scheduler', 'deleteSchedule', { Name: 'm-monitor' }),
          Catch: gone,
          Next: 'Gone',
        },
        Gone: { Type: 'Pass', Output: '{% $state %}', End: true },
      },
    });

    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: 'DISABLED' });
  });

  it('makes many alarms at once by trying again when it is throttled', async () => {
    const { status, output } = await run(
      {
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            ItemProcessor: {
              StartAt: 'Put',
              States: {
                Put: {
                  ...sdk('cloudwatch', 'putMetricAlarm', alarm),
                  Retry: [
                    {
                      ErrorEquals: ['CloudWatch.CloudWatchException'],
                      IntervalSeconds: 1,
                      // A second at most between two attempts at this speed: 30 of them outlast any busy machine.
                      MaxDelaySeconds: 20,
                      MaxAttempts: 30,
                      JitterStrategy: 'FULL',
                    },
                  ],
                  Output: '{% $states.context.State.RetryCount %}',
                  End: true,
                },
              },
            },
            End: true,
          },
        },
      },
      Array.from({ length: 8 }, (_, index) => ({ name: `m${index}-drift` })),
    );

    expect(status).toBe('SUCCEEDED');
    expect(Math.max(...output)).toBeGreaterThan(0);
  });

  it('reports metrics with a time as text', async () => {
    const Timestamp = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();

    const { output } = await run({
      StartAt: 'Put',
      States: {
        Put: {
          ...sdk('cloudwatch', 'putMetricData', {
            Namespace: 'Example',
            MetricData: [{ MetricName: 'Drift', Value: 1, Unit: 'None', Timestamp }],
          }),
          Next: 'Get',
        },
        Get: {
          ...sdk('cloudwatch', 'getMetricStatistics', {
            Namespace: 'Example',
            MetricName: 'Drift',
            StartTime: Timestamp,
            EndTime: new Date(Date.parse(Timestamp) + 1000).toISOString(),
            Period: 60,
            Statistics: ['Maximum'],
          }),
          Output: '{% $states.result.Datapoints.Maximum %}',
          End: true,
        },
      },
    });

    expect(output).toBe(1);
  });

  it('maps over the items of an object in S3', async () => {
    const s3 = new S3Client({ ...region.client, forcePathStyle: true });
    await s3.send(
      new PutObjectCommand({ Bucket: 'artifacts', Key: 'items.json', Body: '[{"n":1},{"n":2}]' }),
    );
    s3.destroy();

    const { output } = await run({
      StartAt: 'Slices',
      States: {
        Slices: {
          Type: 'Map',
          ItemReader: {
            Resource: 'arn:aws:states:::s3:getObject',
            ReaderConfig: { InputType: 'JSON' },
            Arguments: { Bucket: 'artifacts', Key: 'items.json' },
          },
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Double',
            States: { Double: { Type: 'Pass', Output: '{% $states.input.n * 2 %}', End: true } },
          },
          End: true,
        },
      },
    });

    expect(output).toEqual([2, 4]);
  });
});
