/** How long an execution waits for something, look by look. */
export interface Patience {
  readonly firstSeconds: number;
  /** Each wait is twice the one before, up to this. */
  readonly longestSeconds: number;
  /** Waits after which it gives up. */
  readonly waits: number;
}

/**
 * For a model that another execution trains or deploys: a day and an hour, as `train` itself waits. Some 10 history events a wait are
 * an eighth of the 25,000 that an execution may have.
 */
export const forModel: Patience = { firstSeconds: 10, longestSeconds: 300, waits: 305 };

/**
 * For the training run of a retraining that has begun: two days. Ingest has 12 hours for a batch and `train` waits 25 for the model;
 * what has not begun to train by then never will.
 */
export const forTraining: Patience = { firstSeconds: 15, longestSeconds: 1800, waits: 103 };

/** Seconds until the next look, or `undefined` when it is time to give up. */
export function nextWaitSeconds(patience: Patience, waits: number): number | undefined {
  if (waits >= patience.waits) return undefined;
  return Math.min(patience.firstSeconds * 2 ** waits, patience.longestSeconds);
}
