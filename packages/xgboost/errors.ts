/**
 * What the person who started the job can put right: a hyperparameter, a channel, a file. Its message becomes the
 * job's `FailureReason`, so it says what, where and what to do.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** XGBoost itself gave up. Its message carries what XGBoost printed last. */
export class AlgorithmError extends Error {
  override readonly name = 'AlgorithmError';
}
