import { gaugeRequest, monitoringDimensions } from '@tidemark/domain/monitoring-gauges.ts';
import { describe, expect, it } from 'vitest';

const subject = { stage: 'dev', model: 'flight-delay' };
const end = new Date('2026-03-01T14:00:00.000Z');
const measures = {
  drift: 1,
  qualityDegraded: 0,
  driftAlarm: 1,
  qualityAlarm: 0,
  driftedColumns: 3,
  windowRows: 600,
};

describe('what CloudWatch gets of a window', () => {
  it('is each figure at the window’s end, by stage and model', () => {
    const { Namespace, MetricData } = gaugeRequest(subject, measures, end);

    expect(Namespace).toBe('Tidemark');
    expect(MetricData.map(({ MetricName, Value, Unit }) => [MetricName, Value, Unit])).toEqual([
      ['Drift', 1, 'None'],
      ['QualityDegraded', 0, 'None'],
      ['DriftAlarm', 1, 'None'],
      ['QualityAlarm', 0, 'None'],
      ['DriftedColumns', 3, 'Count'],
      ['WindowRows', 600, 'Count'],
    ]);
    for (const { Timestamp, Dimensions } of MetricData) {
      expect(Timestamp).toBe('2026-03-01T14:00:00.000Z');
      expect(Dimensions).toEqual(monitoringDimensions('dev', 'flight-delay'));
    }
  });

  it('leaves out what nobody can tell', () => {
    const unknown = { ...measures, drift: null, driftAlarm: null, driftedColumns: null };

    expect(gaugeRequest(subject, unknown, end).MetricData.map(({ MetricName }) => MetricName)).toEqual([
      'QualityDegraded',
      'QualityAlarm',
      'WindowRows',
    ]);
  });
});
