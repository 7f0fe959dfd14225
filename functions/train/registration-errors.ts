import { ConflictError } from '@tidemark/domain/errors.ts';

/** Another execution has taken the model: this run must not register anything any more. */
export class LeaseLostError extends ConflictError {
  override readonly name = 'LeaseLostError';
}

/** The comparison that the gates decided on is with a version that is not live any more. */
export class ChampionChangedError extends ConflictError {
  override readonly name = 'ChampionChangedError';
}
