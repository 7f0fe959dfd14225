import type { CreateModelInput } from '@aws-sdk/client-sagemaker';
import type { Definition } from '../definition/definition.schema.ts';
import { resourceName } from '../names.ts';
import { runTags, type SageMakerSettings } from './sagemaker-settings.ts';
import { imageOf } from './training-job.ts';

/**
 * `CreateModel` for a run, but for `PrimaryContainer.ModelDataUrl`, which the training job says. Serverless endpoints take no
 * model with a network of its own or with network isolation, so only one for instances has them.
 */
export function servingModel(
  definition: Definition,
  runId: string,
  settings: SageMakerSettings,
): CreateModelInput {
  const { name: model, training, deployment } = definition;
  const isForInstances = deployment.kind === 'instance';
  return {
    ModelName: resourceName(settings.stage, model, runId),
    // The image that trained: what it writes, another version may not read.
    PrimaryContainer: { Image: imageOf(definition, settings) },
    ExecutionRoleArn: settings.roleArn,
    ...(isForInstances && { EnableNetworkIsolation: training.networkIsolation }),
    ...(isForInstances && settings.vpc && { VpcConfig: settings.vpc }),
    Tags: runTags(settings, model, runId),
  };
}
