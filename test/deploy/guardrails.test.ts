import { servingSettingsSchema } from '@tidemark/domain/definition/serving-settings.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardedUpdate, type InstanceSettings, rollbackAlarms } from '../../functions/deploy/guardrails.ts';

function settingsOf(more: object): InstanceSettings {
  const settings = servingSettingsSchema.parse({ kind: 'instance', count: 2, ...more });
  if (settings.kind !== 'instance') throw new Error('not an instance');
  return settings;
}
const fleet = {
  stage: 'dev',
  endpointName: 'tidemark-dev-churn',
  endpointConfigName: 'tidemark-dev-churn-v1',
};

describe('a guarded update', () => {
  it.each([
    {
      traffic: 'all-at-once',
      routing: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 120 },
    },
    {
      traffic: 'canary',
      routing: {
        Type: 'CANARY',
        WaitIntervalInSeconds: 120,
        CanarySize: { Type: 'CAPACITY_PERCENT', Value: 20 },
      },
    },
    {
      traffic: 'linear',
      routing: {
        Type: 'LINEAR',
        WaitIntervalInSeconds: 120,
        LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 20 },
      },
    },
  ])('moves traffic $traffic, and watches once more before the old fleet goes', ({ traffic, routing }) => {
    const update = guardedUpdate(settingsOf({ traffic, stepPercent: 20, waitSeconds: 120 }), ['alarm']);

    expect(update).toMatchObject({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing, TerminationWaitInSeconds: 120 },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'alarm' }] },
    });
  });

  it('gives SageMaker a time limit that it takes and that is longer than all waits, for every definition', () => {
    const definition = fc.record({
      traffic: fc.constantFrom('all-at-once', 'canary', 'linear'),
      stepPercent: fc.integer({ min: 10, max: 50 }),
      waitSeconds: fc.integer({ min: 0, max: 3600 }),
    });
    fc.assert(
      fc.property(definition, (more) => {
        fc.pre(servingSettingsSchema.safeParse({ kind: 'instance', count: 2, ...more }).success);
        const settings = settingsOf(more);
        const { BlueGreenUpdatePolicy: policy } = guardedUpdate(settings, ['alarm']);
        const steps = more.traffic === 'linear' ? Math.ceil(100 / more.stepPercent) : 2;
        const limit = policy?.MaximumExecutionTimeoutInSeconds ?? 0;
        expect(limit).toBeGreaterThanOrEqual(600);
        expect(limit).toBeLessThanOrEqual(28_800);
        expect(limit).toBeGreaterThan(steps * settings.waitSeconds);
      }),
    );
  });
});

describe('the alarms', () => {
  const alarms = rollbackAlarms(
    { ...fleet, tags: [{ Key: 'cost-centre', Value: '42' }] },
    settingsOf({ rollbackWhen: { serverErrorPercent: 2.5, latencyMilliseconds: 250 } }),
  );

  it('sound when the share of failed requests in a minute is above the definition’s', () => {
    expect(alarms[0]).toMatchObject({
      Namespace: 'AWS/SageMaker',
      MetricName: 'Invocation5XXErrors',
      Statistic: 'Average',
      Threshold: 0.025,
      ComparisonOperator: 'GreaterThanThreshold',
      Period: 60,
      EvaluationPeriods: 1,
      Tags: [{ Key: 'cost-centre', Value: '42' }],
    });
  });

  it('sound when the 90th percentile of latency, in SageMaker’s microseconds, is above the definition’s', () => {
    expect(alarms[1]).toMatchObject({
      MetricName: 'ModelLatency',
      ExtendedStatistic: 'p90',
      Threshold: 250_000,
    });
    expect(alarms[1]).not.toHaveProperty('Statistic');
  });

  it('are quiet while nobody sends requests, and notify nobody: SageMaker asks them', () => {
    for (const alarm of alarms) {
      expect(alarm.TreatMissingData).toBe('notBreaching');
      expect(alarm).not.toHaveProperty('AlarmActions');
      // A unit would hide data points that are published with another.
      expect(alarm).not.toHaveProperty('Unit');
    }
  });
});
