import type { Definition } from '../definition/definition.schema.ts';
import { resourceName } from '../names.ts';
import { resolveImage } from './image.ts';
import type { Champion } from './preparation.schema.ts';
import { trainingTimeoutSeconds, transformTimeoutSeconds } from './run-limits.ts';
import type { SageMakerSettings } from './sagemaker-settings.ts';
import { servingModel } from './serving-model.ts';
import { imageOf, type TrainingPlan, trainingJob } from './training-job.ts';
import { type Side, transformJob } from './transform-job.ts';

/** Everything that a run asks of SageMaker, in the words of its API. */
export function planRun(plan: TrainingPlan, champion: Champion, settings: SageMakerSettings) {
  const { definition, runId } = plan;
  const score = (side: Side, sagemakerModelName: string) =>
    transformJob({ side, runId, sagemakerModelName, ...scoredBy(definition) }, settings);
  return {
    image: resolveImage(imageOf(definition, settings)),
    trainingJob: trainingJob(plan, settings),
    trainingTimeoutSeconds: trainingTimeoutSeconds(definition),
    servingModel: servingModel(definition, runId, settings),
    transforms: {
      challenger: score('challenger', resourceName(settings.stage, definition.name, runId)),
      champion: champion.kind === 'comparable' ? score('champion', champion.sagemakerModelName) : null,
    },
    transformTimeoutSeconds,
  };
}

function scoredBy({ name, training }: Definition) {
  return { model: name, instance: training.instance };
}
