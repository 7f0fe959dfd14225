import type { MonitoredRow } from '../capture/monitored.schema.ts';
import type { Encoding } from '../datasets/encoding.schema.ts';
import { InvariantError } from '../errors.ts';
import type { WindowPlan } from './baseline.schema.ts';
import type { LabelCounts, WindowFacts } from './window-facts.schema.ts';

/** A row that is not judged, and why. */
export type NotJudged =
  | { readonly why: 'malformed' | 'duplicate' }
  /** `null`: the capture does not say which. */
  | { readonly why: 'other-version'; readonly version: number | null };

/** Counts the rows of a window, or of a slice of one. Memory does not grow with the rows. */
export class WindowCounter {
  /** @param encoding of the judged version: what its columns and categories are */
  constructor(_plan: WindowPlan, _encoding: Encoding) {
    throw new InvariantError('Not written yet.');
  }

  /** A prediction of the judged version that was made in this window and has not been counted. */
  add(_row: MonitoredRow): void {}

  /** A capture that is not judged. */
  leaveOut(_row: NotJudged): void {}

  /**
   * A prediction of the judged version, made in this window or an earlier one, whose label has arrived in this window.
   * @param label 0 or 1, the index of the class (-1 for one that the model does not know), or the number
   * @param windowId the window in which the prediction was made
   */
  addLabelled(_row: MonitoredRow, _label: number, _windowId: string): void {}

  /** A label that is not joined with a prediction of the judged version. */
  leaveOutLabel(_why: Exclude<keyof LabelCounts, 'joined'>): void {}

  /** What was counted so far. */
  facts(): WindowFacts {
    throw new InvariantError('Not written yet.');
  }
}
