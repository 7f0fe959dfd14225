/** When a schedule is due. All moments are milliseconds since the epoch. */
export interface Occurrences {
  /** The first occurrence at or after a moment; `undefined` when there is none. */
  from(moment: number): number | undefined;
  /** Whether there is one occurrence only. */
  readonly isOneTime: boolean;
}
