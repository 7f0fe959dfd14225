import {
  type PredictionBins,
  predictionBin,
  predictionBinCount,
} from '@tidemark/statistics/drift/prediction-bin.ts';
import { Profiler } from '@tidemark/statistics/profile/profiler.ts';
import { TextColumn } from '@tidemark/statistics/profile/text-column.ts';
import { completeTop } from '@tidemark/statistics/profile/top-values.ts';
import type { Encoding } from '../datasets/encoding.schema.ts';
import { unreachable } from '../errors.ts';
import type { WindowPlan } from './baseline.schema.ts';
import { hashOfId, LabelledSampler } from './labelled-sample.ts';
import type { MonitoredRow } from './monitored.schema.ts';
import { unknownCategories } from './monitored-form.ts';
import { predictionWidth, profiledColumn } from './plan-columns.ts';
import { SegmentCounter } from './segment-counter.ts';
import { UnusedColumnCounter } from './unused-columns.ts';
import type { LabelCounts, LeftOut, WindowFacts } from './window-facts.schema.ts';

/** A capture that is not judged, and why. */
export type NotJudged =
  | { readonly why: 'malformed' | 'duplicate' }
  /** `null`: the capture does not say which. */
  | { readonly why: 'other-version'; readonly version: number | null };

/** What is counted of a prediction. */
export type CountedRow = Pick<MonitoredRow, 'values' | 'prediction' | 'record'>;

/** Labels that were not joined with a prediction of the judged version, and why. */
export type LabelLeftOut = Exclude<keyof LabelCounts, 'joined'>;

/**
 * Counts the rows of a window, or of a slice of one. Memory does not grow with the rows.
 *
 * ```
 * const counter = new WindowCounter(baseline.plan, encoding);
 * counter.add(row);
 * counter.addLabelled(row, 1, windowId);
 * counter.facts();
 * ```
 */
export class WindowCounter {
  readonly #plan: WindowPlan;
  readonly #encoding: Encoding;
  readonly #profiler: Profiler;
  readonly #segments: SegmentCounter;
  readonly #predictionBins: PredictionBins | null;
  readonly #predictionCounts: number[] | null;
  readonly #labelled = new LabelledSampler();
  readonly #unknown = new Map<string, TextColumn>();
  readonly #unused: UnusedColumnCounter;
  readonly #leftOut: LeftOut = { malformed: 0, duplicates: 0, otherVersions: {} };
  readonly #labels: LabelCounts = {
    joined: 0,
    formerVersions: 0,
    unmatched: 0,
    repeated: 0,
    conflicting: 0,
    malformed: 0,
    unknownClass: 0,
    notYet: 0,
  };
  #rows = 0;
  #earliest: string | null = null;
  #latest: string | null = null;

  /**
   * @param encoding of the judged version: the plan's columns are its monitored ones
   * @param seed any integer, another for each slice of a window
   */
  constructor(plan: WindowPlan, encoding: Encoding, seed = 0) {
    this.#plan = plan;
    this.#encoding = encoding;
    this.#profiler = new Profiler(plan.columns.map(profiledColumn), { plan: plan.bins, seed });
    this.#segments = new SegmentCounter(plan);
    this.#unused = new UnusedColumnCounter(plan.unused);
    this.#predictionBins = plan.predictionEdges && {
      edges: plan.predictionEdges,
      width: predictionWidth(plan),
    };
    this.#predictionCounts =
      this.#predictionBins && new Array<number>(predictionBinCount(this.#predictionBins)).fill(0);
  }

  /** A prediction of the judged version that was made in this window and has not been counted. */
  add(row: MonitoredRow): void {
    this.addTimeless(row);
    this.#earliest = this.#earliest === null || row.time < this.#earliest ? row.time : this.#earliest;
    this.#latest = this.#latest === null || row.time > this.#latest ? row.time : this.#latest;
  }

  /** A prediction without a time: one of the hold-out. */
  addTimeless(row: CountedRow): void {
    this.#rows += 1;
    this.#profiler.addRow(row.values);
    this.#segments.add(row);
    this.#countPrediction(row);
    this.#countUnknown(row);
    if (row.record !== null) this.#unused.add(row.record);
  }

  /** A capture that is not judged. */
  leaveOut(capture: NotJudged): void {
    switch (capture.why) {
      case 'malformed':
        this.#leftOut.malformed += 1;
        return;
      case 'duplicate':
        this.#leftOut.duplicates += 1;
        return;
      case 'other-version': {
        const version = String(capture.version ?? 'unknown');
        this.#leftOut.otherVersions[version] = (this.#leftOut.otherVersions[version] ?? 0) + 1;
        return;
      }
      default:
        unreachable(capture);
    }
  }

  /**
   * A prediction of the judged version, made in this window or an earlier one, whose label has arrived in this window.
   * @param label 0 or 1, the index of the class (-1 for one that the model does not know), or the number
   * @param windowId the window in which the prediction was made
   */
  addLabelled(row: MonitoredRow, label: number, windowId: string): void {
    this.#labels.joined += 1;
    this.#labelled.add({
      hash: hashOfId(row.inferenceId),
      windowId,
      label,
      prediction: [...row.prediction],
      segments: this.#segments.segmentsOf(row).map((segment) => segment ?? null),
    });
  }

  /** A label that is not joined with a prediction of the judged version. */
  leaveOutLabel(why: LabelLeftOut, count = 1): void {
    this.#labels[why] += count;
  }

  /** What was counted so far. */
  facts(): WindowFacts {
    return {
      schemaVersion: 1,
      runId: this.#plan.runId,
      rows: this.#rows,
      earliest: this.#earliest,
      latest: this.#latest,
      leftOut: structuredClone(this.#leftOut),
      labels: { ...this.#labels },
      profile: this.#profiler.finish(),
      predictionCounts: this.#predictionCounts && [...this.#predictionCounts],
      labelled: this.#labelled.sample(),
      segments: this.#segments.segments(),
      unknownCategories: [...this.#unknown]
        .map(([column, values]) => ({ column, values: values.finish().top ?? completeTop([]) }))
        .toSorted((a, b) => (a.column < b.column ? -1 : 1)),
      unused: this.#unused.facts(),
    };
  }

  #countPrediction({ prediction }: CountedRow): void {
    if (this.#predictionCounts === null || this.#predictionBins === null) return;
    const bin = predictionBin(this.#predictionBins, prediction);
    this.#predictionCounts[bin] = (this.#predictionCounts[bin] ?? 0) + 1;
  }

  #countUnknown({ record }: CountedRow): void {
    if (record === null) return;
    for (const { column, value } of unknownCategories(this.#encoding, record)) {
      const values = this.#unknown.get(column) ?? new TextColumn(undefined);
      this.#unknown.set(column, values);
      values.add(value);
    }
  }
}
