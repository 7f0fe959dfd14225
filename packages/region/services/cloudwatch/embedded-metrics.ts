import * as z from 'zod';
import type { Datapoint, MetricIdentity } from './datapoints.ts';

/** A line of a log in CloudWatch's embedded metric format, as far as it is read. */
const lineSchema = z.looseObject({
  _aws: z.looseObject({
    CloudWatchMetrics: z.array(
      z.looseObject({
        Namespace: z.string().min(1),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.looseObject({ Name: z.string(), Unit: z.string().default('None') })),
      }),
    ),
  }),
});

/**
 * The datapoints that a line of a function's log holds: none for any other line.
 * @param at when it was printed, in milliseconds since the epoch. Its own timestamp is the function's, which is of the wall.
 */
export function embeddedMetrics(line: string, at: number): (readonly [MetricIdentity, Datapoint])[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const parsed = lineSchema.safeParse(parse(line)).data;
  if (!parsed) return [];
  return parsed._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit }) =>
      Dimensions.flatMap((names) => {
        const values = numbersOf(parsed[Name]);
        if (values.length === 0) return [];
        const metric = {
          namespace: Namespace,
          name: Name,
          dimensions: names.map((name) => dimension(name, parsed)),
        };
        return [[metric, datapoint(values, Unit, at)] as const];
      }),
    ),
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that only looks like one is a line of text, as CloudWatch has it.
    return undefined;
  }
}

function numbersOf(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'number');
}

function dimension(Name: string, record: Readonly<Record<string, unknown>>): { Name: string; Value: string } {
  return { Name, Value: String(record[Name]) };
}

function datapoint(values: readonly number[], unit: string, at: number): Datapoint {
  return {
    at,
    unit,
    sampleCount: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    values: values.map((value) => ({ value, count: 1 })),
  };
}
