import type { WindowRecord } from './registry/records.schema.ts';

/** CloudWatch's namespace for everything that Tidemark measures. */
export const gaugeNamespace = 'Tidemark';

/**
 * One number per window and metric, at the window's scheduled end. Windows with too few rows to be judged have no `Drift` and no
 * `DriftAlarm`, and windows whose quality could be neither measured nor estimated no `QualityDegraded` and no `QualityAlarm`: an alarm must not take silence for good news.
 */
export const monitoringGauges = {
  /** 1 while an episode of drift lasts, otherwise 0. */
  drift: 'Drift',
  /** 1 while an episode of degraded quality lasts, otherwise 0. */
  qualityDegraded: 'QualityDegraded',
  /** What the model's alarm on drift follows: 1 while enough of the latest windows of the live version were in an episode, otherwise 0. */
  driftAlarm: 'DriftAlarm',
  /** The same of degraded quality. */
  qualityAlarm: 'QualityAlarm',
  /** Columns, the prediction among them, that drift in this window. */
  driftedColumns: 'DriftedColumns',
  /** Predictions of the live version in this window. */
  windowRows: 'WindowRows',
} as const;
export type MonitoringGauge = (typeof monitoringGauges)[keyof typeof monitoringGauges];

/** `None` for what is 0 or 1, `Count` for what is counted. An alarm that names no unit takes either. */
const units = {
  Drift: 'None',
  QualityDegraded: 'None',
  DriftAlarm: 'None',
  QualityAlarm: 'None',
  DriftedColumns: 'Count',
  WindowRows: 'Count',
} as const satisfies Record<MonitoringGauge, string>;

/** As CloudWatch has a dimension, in a datum and in an alarm alike. */
export interface GaugeDimension {
  readonly Name: string;
  readonly Value: string;
}

/** The dimensions of every monitoring metric; CloudWatch tells metrics apart by all of them. */
export function monitoringDimensions(stage: string, model: string): GaugeDimension[] {
  return [
    { Name: 'Stage', Value: stage },
    { Name: 'Model', Value: model },
  ];
}

/** What a window is measured by; `null` is not published. */
export type WindowMeasures = Readonly<WindowRecord['measures']>;

/** A request of CloudWatch's PutMetricData. */
export interface GaugeRequest {
  readonly Namespace: string;
  readonly MetricData: {
    readonly MetricName: string;
    readonly Dimensions: GaugeDimension[];
    readonly Timestamp: string;
    readonly Unit: string;
    readonly Value: number;
  }[];
}

/** In the order in which they are published. */
const measured = [
  'drift',
  'qualityDegraded',
  'driftAlarm',
  'qualityAlarm',
  'driftedColumns',
  'windowRows',
] as const satisfies (keyof typeof monitoringGauges)[];

/** The request that publishes a window's measures at its scheduled end. PutMetricData takes two weeks back and two hours ahead. */
export function gaugeRequest(
  { stage, model }: { readonly stage: string; readonly model: string },
  measures: WindowMeasures,
  end: Date,
): GaugeRequest {
  const Timestamp = end.toISOString();
  const Dimensions = monitoringDimensions(stage, model);
  const data = measured.flatMap((measure) => {
    const Value = measures[measure];
    const MetricName = monitoringGauges[measure];
    return Value === null ? [] : [{ MetricName, Dimensions, Timestamp, Unit: units[MetricName], Value }];
  });
  return { Namespace: gaugeNamespace, MetricData: data };
}
