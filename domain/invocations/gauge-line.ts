import { gaugeNamespace } from '../monitoring-gauges.ts';

/** Counts of ours that a line of a function's log carries, and what else it says. */
export interface GaugeLine {
  /** Sets of names of `dimensions`: CloudWatch makes each count once per set. */
  readonly by: readonly (readonly string[])[];
  readonly dimensions: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  /** Names and codes for the log's readers. Nothing of the content of a row. */
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * A line for the function's log of which CloudWatch makes metrics by itself (embedded metric format,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html). So it works when
 * nothing else does, and needs no permission.
 */
export function gaugeLine({ by, dimensions, counts, facts }: GaugeLine, now: Date): object {
  return {
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: gaugeNamespace,
          Dimensions: by,
          Metrics: Object.keys(counts).map((name) => ({ Name: name, Unit: 'Count' })),
        },
      ],
    },
    ...dimensions,
    ...counts,
    ...facts,
  };
}
