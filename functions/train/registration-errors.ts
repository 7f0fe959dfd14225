import { ConflictError } from '@tidemark/domain/errors.ts';

/** The comparison that the gates decided on is with a version that is not live any more. */
export class ChampionChangedError extends ConflictError {
  override readonly name = 'ChampionChangedError';
}
