import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { sagemakerModelNames } from '@tidemark/domain/names.ts';
import type { Champion } from './preparation.schema.ts';
import { trainingTimeoutSeconds, transformTimeoutSeconds } from './run-limits.ts';
import type { SageMakerSettings } from './sagemaker-settings.ts';
import { scoredModel, servedModel } from './serving-model.ts';
import { type TrainingJobPlan, trainingJob } from './training-job.ts';
import { type Side, transformJob } from './transform-job.ts';

/** Everything that a run asks of SageMaker, in the words of its API. */
export function planRun(plan: TrainingJobPlan, champion: Champion, settings: SageMakerSettings) {
  const { definition, runId } = plan;
  const score = (side: Side, sagemakerModelName: string) =>
    transformJob({ side, runId, sagemakerModelName, ...scoredBy(definition) }, settings);
  return {
    imageDigest: plan.image.digest,
    trainingJob: trainingJob(plan, settings),
    trainingTimeoutSeconds: trainingTimeoutSeconds(definition),
    models: { scored: scoredModel(plan, settings), served: servedModel(plan, settings) },
    transforms: {
      challenger: score('challenger', sagemakerModelNames(settings.stage, definition.name, runId).scored),
      champion: champion.kind === 'comparable' ? score('champion', champion.scoredModelName) : null,
    },
    transformTimeoutSeconds,
  };
}

function scoredBy({ name, training }: Definition) {
  return { model: name, instance: training.instance };
}
