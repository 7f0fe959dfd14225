import * as z from 'zod';
import type { Collection, RecordStore } from '../../store/record-store.ts';
import type { Dimension } from './alarm.schema.ts';

/** How many new datapoints it takes for another look at the old ones: virtual time may pass 15 days in minutes. */
const datapointsBetweenSweeps = 10_000;

/** CloudWatch keeps datapoints of a minute for 15 days. */
const retentionMilliseconds = 15 * 24 * 60 * 60 * 1000;

export const datapointSchema = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.number(),
  unit: z.string(),
  sampleCount: z.number(),
  sum: z.number(),
  minimum: z.number(),
  maximum: z.number(),
  /** Single values and how often each occurred, where the sender gave them. */
  values: z.array(z.strictObject({ value: z.number(), count: z.number() })),
});
export type Datapoint = z.infer<typeof datapointSchema>;

export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** What PutMetricData brought, by metric and time. */
export class Datapoints {
  readonly #records: RecordStore;
  readonly #datapoints: Collection<Datapoint>;
  readonly #now: () => number;
  /** Told of the metrics, by key, that have new data. */
  onData: (metrics: ReadonlySet<string>) => void = () => undefined;
  #count = 0;

  constructor(records: RecordStore, now: () => number) {
    this.#records = records;
    this.#datapoints = records.collection('datapoint', datapointSchema);
    this.#now = now;
  }

  async add(datapoints: readonly (readonly [MetricIdentity, Datapoint])[]): Promise<void> {
    const before = this.#count;
    await this.#records.write(
      datapoints.map(([metric, datapoint]) => {
        this.#count += 1;
        const key = `${metricKey(metric)}\0${padded(datapoint.at)}-${padded(this.#now())}-${this.#count}`;
        return this.#datapoints.put(key, datapoint);
      }),
    );
    if (Math.floor(this.#count / datapointsBetweenSweeps) > Math.floor(before / datapointsBetweenSweeps)) {
      await this.forgetOld();
    }
    this.onData(new Set(datapoints.map(([metric]) => metricKey(metric))));
  }

  /** Datapoints of exactly this metric from `start` up to but not including `end`, in milliseconds since 1970. */
  async between(metric: MetricIdentity, start: number, end: number): Promise<Datapoint[]> {
    const prefix = `${metricKey(metric)}\0`;
    const found: Datapoint[] = [];
    for await (const [, datapoint] of this.#datapoints.entries({ prefix, after: prefix + padded(start) })) {
      if (datapoint.at >= end) break;
      found.push(datapoint);
    }
    return found;
  }

  /** Forgets datapoints past their time. */
  async forgetOld(): Promise<void> {
    const oldest = this.#now() - retentionMilliseconds;
    const deletions = [];
    for await (const [key, { at }] of this.#datapoints.entries())
      if (at < oldest) deletions.push(this.#datapoints.del(key));
    await this.#records.write(deletions);
  }
}

/** A metric is its namespace, its name and all of its dimensions, in whatever order. */
export function metricKey({ namespace, name, dimensions }: MetricIdentity): string {
  const sorted = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return JSON.stringify([namespace, name, sorted]);
}

function padded(milliseconds: number): string {
  return String(Math.floor(milliseconds)).padStart(15, '0');
}
