import { type Definition, definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { gaugeRequest } from '@tidemark/domain/monitoring-gauges.ts';
import { describe, expect, it } from 'vitest';
import { type MonitoringSettings, planMonitoring } from '../../functions/onboard/monitoring-plan.ts';

const settings: MonitoringSettings = {
  stage: 'dev',
  tags: [{ Key: 'cost-centre', Value: '42' }],
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  monitorMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:monitor',
  retrainMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:retrain',
  scheduleGroup: 'tidemark-dev',
  schedulerRoleArn: 'arn:aws:iam::111122223333:role/scheduler',
  deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:111122223333:undelivered',
};

function define(more: object = {}): Definition {
  return definitionSchema.parse({ name: 'flight-delay', problem: 'binary', target: 'late', ...more });
}
const plan = (more?: object) => planMonitoring(define(more), settings);

describe('a model’s alarms', () => {
  it('are one for drift and one for quality, which tell the topic', () => {
    expect(plan().alarms.map(({ AlarmName, AlarmActions }) => [AlarmName, AlarmActions])).toEqual([
      ['tidemark-dev-model-flight-delay-drift', [settings.alarmTopicArn]],
      ['tidemark-dev-model-flight-delay-quality', [settings.alarmTopicArn]],
    ]);
    expect(plan().alarms[0]?.Tags).toEqual([
      { Key: 'cost-centre', Value: '42' },
      { Key: 'tidemark:stage', Value: settings.stage },
      { Key: 'tidemark:model', Value: expect.any(String) },
    ]);
    expect(plan().obsoleteAlarms).toEqual([]);
  });

  it('watch what the monitor publishes, by namespace, names and dimensions', () => {
    const measures = {
      drift: 1,
      qualityDegraded: 1,
      driftAlarm: 1,
      qualityAlarm: 1,
      driftedColumns: 1,
      windowRows: 1,
    };
    const now = new Date('2026-03-01T14:00:00.000Z');
    const published = gaugeRequest({ stage: 'dev', model: 'flight-delay' }, measures, now);

    for (const { Namespace, MetricName, Dimensions } of plan().alarms) {
      const metric = published.MetricData.find((datum) => datum.MetricName === MetricName);
      expect(Namespace).toBe(published.Namespace);
      expect(Dimensions).toEqual(metric?.Dimensions);
    }
  });

  it('follow the verdict of the latest window, a window being a period', () => {
    const [drift] = plan({ monitoring: { every: 'hour', alarm: { windows: 3, outOf: 5 } } }).alarms;

    expect(drift).toMatchObject({
      Statistic: 'Maximum',
      Period: 3600,
      MetricName: 'DriftAlarm',
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    expect(plan().alarms[0]).toMatchObject({ Period: 86_400 });
  });

  it('stay as they are while windows say nothing, as silence is neither drift nor its end', () => {
    expect(plan().alarms.map(({ TreatMissingData }) => TreatMissingData)).toEqual(['ignore', 'ignore']);
  });

  it('are deleted when monitoring is switched off, and its schedule too', () => {
    const { alarms, obsoleteAlarms, schedules, obsoleteSchedules } = plan({ monitoring: { enabled: false } });

    expect(alarms).toEqual([]);
    expect(schedules).toEqual([]);
    expect(obsoleteAlarms).toEqual([
      'tidemark-dev-model-flight-delay-drift',
      'tidemark-dev-model-flight-delay-quality',
    ]);
    expect(obsoleteSchedules.map(({ Name }) => Name)).toEqual([
      'flight-delay-monitor',
      'flight-delay-retrain',
    ]);
  });
});

describe('a retired model', () => {
  it('has neither alarms nor schedules, whatever else its definition asks for', () => {
    const { alarms, obsoleteAlarms, schedules, obsoleteSchedules } = plan({
      lifecycle: 'retired',
      retraining: { on: ['schedule'] },
    });

    expect([alarms, schedules]).toEqual([[], []]);
    expect(obsoleteAlarms).toEqual([
      'tidemark-dev-model-flight-delay-drift',
      'tidemark-dev-model-flight-delay-quality',
    ]);
    expect(obsoleteSchedules).toEqual([
      { Name: 'flight-delay-monitor', GroupName: 'tidemark-dev' },
      { Name: 'flight-delay-retrain', GroupName: 'tidemark-dev' },
    ]);
  });
});

describe('a model’s schedules', () => {
  it('start the monitor each day or hour with the time that the window ends', () => {
    const [daily] = plan().schedules;
    const [hourly] = plan({ monitoring: { every: 'hour' } }).schedules;

    expect(daily).toMatchObject({
      Name: 'flight-delay-monitor',
      GroupName: 'tidemark-dev',
      ScheduleExpression: 'cron(0 0 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: { Arn: settings.monitorMachineArn, RoleArn: settings.schedulerRoleArn },
    });
    expect(JSON.parse(daily?.Target.Input ?? '')).toEqual({
      model: 'flight-delay',
      trigger: 'schedule',
      scheduledTime: '<aws.scheduler.scheduled-time>',
    });
    expect(hourly?.ScheduleExpression).toBe('cron(0 * * * ? *)');
  });

  it('spread the starts of all models, within the window', () => {
    const [hourly] = plan({ monitoring: { every: 'hour' } }).schedules;

    expect(hourly?.FlexibleTimeWindow).toEqual({ Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 });
  });

  it('give up a start that the next window makes needless, and keep it in the queue', () => {
    const [hourly] = plan({ monitoring: { every: 'hour' } }).schedules;

    expect(hourly?.Target).toMatchObject({
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
      DeadLetterConfig: { Arn: settings.deadLetterQueueArn },
    });
  });

  it('ask each day whether a training is due, where the definition lists a schedule', () => {
    const { schedules, obsoleteSchedules } = plan({ retraining: { on: ['schedule'] } });

    expect(obsoleteSchedules).toEqual([]);
    expect(schedules[1]).toMatchObject({
      Name: 'flight-delay-retrain',
      ScheduleExpression: 'cron(0 4 * * ? *)',
      Target: { Arn: settings.retrainMachineArn },
    });
    expect(JSON.parse(schedules[1]?.Target.Input ?? '')).toEqual({
      model: 'flight-delay',
      trigger: 'schedule',
      scheduledTime: '<aws.scheduler.scheduled-time>',
    });
  });

  it('have names that Scheduler takes for the longest model', () => {
    const name = `a${'b'.repeat(30)}`;
    const { schedules } = plan({ name, retraining: { on: ['schedule'] } });

    for (const { Name } of schedules) expect(Name).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });
});
