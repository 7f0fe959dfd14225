import type { Definition } from '../definition/definition.schema.ts';
import { InvariantError } from '../errors.ts';
import type { Baseline } from '../windows/baseline.schema.ts';
import type { WindowFacts } from '../windows/window-facts.schema.ts';
import type { Evidence, WindowReport } from './report.schema.ts';

/** An earlier window of the same version, to compare with. */
export interface EarlierWindow {
  readonly windowId: string;
  readonly facts: WindowFacts;
}

/** What a window is judged by. */
export interface WindowToJudge {
  readonly definition: Definition;
  readonly windowId: string;
  /** The scheduled end. */
  readonly end: Date;
  readonly version: number;
  readonly baseline: Baseline;
  readonly window: WindowFacts;
  /**
   * Earlier windows to compare with, as `referenceWindows` asks for: none where the definition compares with the baseline, and
   * none where there are none. Windows of another version are passed over.
   */
  readonly reference: readonly EarlierWindow[];
  /** Reports of earlier windows, the oldest first: for estimates that labels have settled since, and for the history. */
  readonly previousReports: readonly WindowReport[];
  readonly evidence: Evidence;
}

/**
 * Judges a window: drift of every column and of the prediction, quality, and what is said of both. The same arguments give the
 * same report.
 */
export function judgeWindow(_input: WindowToJudge, _now: Date): WindowReport {
  throw new InvariantError('Not written yet.');
}

/**
 * Which earlier windows of a version this one is compared with: of those that are known, the last (`previous-window`), or the
 * last few of the same hour of the week (`same-hour-of-week`); none for `baseline`.
 * @param finished windows of the version that were finished, by id
 */
export function referenceWindows(
  _definition: Definition,
  _end: Date,
  _finished: readonly { readonly windowId: string; readonly end: Date }[],
): readonly string[] {
  throw new InvariantError('Not written yet.');
}
