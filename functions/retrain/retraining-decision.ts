import type {
  DatasetRecord,
  Episode,
  ModelRecord,
  VersionRecord,
} from '@tidemark/domain/registry/records.schema.ts';
import type { Begun, SpentRun } from './retraining-limits.ts';

/** What is known when it is decided whether a model is trained again. */
export interface RetrainingFacts {
  /** `null`: there is no such model, or not any more. */
  readonly model: Pick<
    ModelRecord,
    'model' | 'definition' | 'liveVersion' | 'lease' | 'openRetraining'
  > | null;
  /** The episode of the request's kind that is on; `null`: none is, or the request is about none. */
  readonly episode: Episode | null;
  /** Whether the retraining that was begun for the episode answers it still: see `isAnswer`. */
  readonly isAnswered: boolean;
  readonly retrainings: readonly Begun[];
  readonly runs: readonly SpentRun[];
  readonly data: DataFacts;
  /** Labelled predictions that no retraining has used; `null`: not counted yet. */
  readonly labelledRows: number | null;
}

/** The newest dataset, as far as training it goes. */
export interface DataFacts {
  readonly latest: Pick<DatasetRecord, 'datasetId' | 'rows'> | null;
  /** Versions that were made of it, whatever became of them. */
  readonly trained: boolean;
  /** What the live version was trained with. */
  readonly live: Pick<VersionRecord['dataset'], 'rows'> | null;
}

/** Why a model is not trained again. */
export type SuppressionReason =
  | 'model-gone'
  | 'retired'
  | 'not-a-trigger'
  | 'monitoring-disabled'
  | 'no-live-version'
  | 'episode-over'
  | 'version-changed'
  | 'episode-answered'
  | 'retraining-open'
  | 'cooldown'
  | 'daily-cap'
  | 'monthly-budget'
  | 'too-few-rows'
  | 'model-busy';

export type RetrainingDecision =
  /** Another execution has the model: wait, and decide again. */
  | { readonly kind: 'wait'; readonly message: string }
  /** Nothing speaks against it so far: count the labelled predictions, and decide again. */
  | { readonly kind: 'count' }
  | {
      readonly kind: 'start';
      /** What is trained: the newest dataset as it stands, or, with `null`, what the new rows make of it. */
      readonly datasetId: string | null;
      readonly message: string;
    }
  | { readonly kind: 'suppress'; readonly reason: SuppressionReason; readonly message: string }
  /** The schedule asks every day, and `everyDays` have not passed: no event. */
  | { readonly kind: 'not-due'; readonly message: string };

/** A model that is there. */
export type DecidedModel = NonNullable<RetrainingFacts['model']>;
