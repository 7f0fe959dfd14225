import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';

/** An hour: SageMaker's longest wait, spot capacity and training together, for an algorithm that keeps no checkpoints. */
const longestSpotWithoutCheckpointsSeconds = 3600;
/** How long a user's own image may wait for spot capacity, beyond its time limit. */
const spotWaitSeconds = 3600;
/** Starting an instance, pulling an image and uploading the model are not part of a job's time limit. */
const aroundJobSeconds = 1800;

/** Scoring a hold-out takes minutes; a transform that has hung is given up after two hours, as it has no limit of its own. */
export const transformTimeoutSeconds = 7200;

/** `StoppingCondition` of a training job. */
export interface StoppingCondition {
  readonly MaxRuntimeInSeconds: number;
  /** With spot only: SageMaker refuses it otherwise. */
  readonly MaxWaitTimeInSeconds?: number;
}

/** How long a training job may run, and on spot capacity also wait. */
export function stoppingCondition({ training }: Definition): StoppingCondition {
  const limit = training.timeLimitMinutes * 60;
  if (!training.spot) return { MaxRuntimeInSeconds: limit };
  if (training.image !== undefined) {
    return { MaxRuntimeInSeconds: limit, MaxWaitTimeInSeconds: limit + spotWaitSeconds };
  }
  // Validation keeps definitions within this; one that slipped through is cut, as SageMaker would refuse it.
  const runtime = Math.min(limit, longestSpotWithoutCheckpointsSeconds);
  return { MaxRuntimeInSeconds: runtime, MaxWaitTimeInSeconds: longestSpotWithoutCheckpointsSeconds };
}

/** How long the state machine waits for a training job. */
export function trainingTimeoutSeconds(definition: Definition): number {
  const { MaxRuntimeInSeconds, MaxWaitTimeInSeconds } = stoppingCondition(definition);
  return (MaxWaitTimeInSeconds ?? MaxRuntimeInSeconds) + aroundJobSeconds;
}
