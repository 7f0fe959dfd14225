import type { CreateModelInput } from '@aws-sdk/client-sagemaker';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { sagemakerModelNames } from '@tidemark/domain/names.ts';
import type { ResolvedImage } from './resolved-image.ts';
import { runTags, type SageMakerSettings } from './sagemaker-settings.ts';

/** The run whose artifact, in whose image, is made a model of SageMaker's. */
export interface ModelPlan {
  readonly definition: Definition;
  readonly runId: string;
  /** The one that trained: what it writes, another may not read. */
  readonly image: ResolvedImage;
}

/** `CreateModel` for what scores the hold-out, but for `ModelDataUrl`. Isolated as the training is, whatever serves. */
export function scoredModel(plan: ModelPlan, settings: SageMakerSettings): CreateModelInput {
  return {
    ModelName: namesOf(plan, settings).scored,
    ExecutionRoleArn: settings.roleArns.jobs,
    EnableNetworkIsolation: plan.definition.training.networkIsolation,
    ...(settings.vpc && { VpcConfig: settings.vpc }),
    ...common(plan, settings),
  };
}

/**
 * `CreateModel` for what is served, but for `ModelDataUrl`. Serverless endpoints take no model with a network of its own or with network
 * isolation, so only one for instances has them.
 */
export function servedModel(plan: ModelPlan, settings: SageMakerSettings): CreateModelInput {
  const { training, deployment } = plan.definition;
  const names = namesOf(plan, settings);
  if (deployment.kind === 'serverless') {
    return {
      ModelName: names.servedOpen,
      ExecutionRoleArn: settings.roleArns.serverless,
      ...common(plan, settings),
    };
  }
  return {
    ModelName: training.networkIsolation ? names.served : names.servedOpen,
    ExecutionRoleArn: settings.roleArns.serving,
    EnableNetworkIsolation: training.networkIsolation,
    ...(settings.vpc && { VpcConfig: settings.vpc }),
    ...common(plan, settings),
  };
}

function namesOf({ definition, runId }: ModelPlan, { stage }: SageMakerSettings) {
  return sagemakerModelNames(stage, definition.name, runId);
}

function common({ definition, runId, image }: ModelPlan, settings: SageMakerSettings) {
  return { PrimaryContainer: { Image: image.uri }, Tags: runTags(settings, definition.name, runId) };
}
