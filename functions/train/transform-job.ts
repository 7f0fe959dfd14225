import type { CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import { resourceName, runKeys } from '@tidemark/domain/names.ts';
import { artifactUri, runTags, type SageMakerSettings } from './sagemaker-settings.ts';

/** Which of two models is scored: the one that was just trained, or the live one. */
export type Side = 'challenger' | 'champion';

/** What a batch transform scores. */
export interface TransformPlan {
  readonly side: Side;
  readonly model: string;
  readonly runId: string;
  /** The SageMaker model that scores. */
  readonly sagemakerModelName: string;
  readonly instance: string;
}

/** SageMaker's request, but for instance types, of which AWS adds some before the SDK knows them. */
export type TransformJobRequest = Omit<CreateTransformJobRequest, 'TransformResources'> & {
  readonly TransformResources: { readonly InstanceType: string; readonly InstanceCount: number };
};

/** The hold-out in a side's encoding. */
export function featuresKey(side: Side, model: string, runId: string): string {
  const { holdoutFeatures, holdoutChampionFeatures } = runKeys(model, runId);
  return side === 'challenger' ? holdoutFeatures : holdoutChampionFeatures;
}

/** Where the transform puts the scores: SageMaker appends `.out` to the name of the file it read. */
export function scoresKey(side: Side, model: string, runId: string): string {
  const fileName = featuresKey(side, model, runId).split('/').at(-1);
  return `${runKeys(model, runId).scoresPrefix(side)}${fileName}.out`;
}

/** `CreateTransformJob` for one side: a line of scores per line of features, in the same order. */
export function transformJob(plan: TransformPlan, settings: SageMakerSettings): TransformJobRequest {
  const { side, model, runId } = plan;
  return {
    // 10 characters of run and 2 of side: within the 13 that a name leaves for its suffix.
    TransformJobName: resourceName(settings.stage, model, `${runId}-${side === 'challenger' ? 'a' : 'b'}`),
    ModelName: plan.sagemakerModelName,
    BatchStrategy: 'MultiRecord',
    TransformInput: {
      ContentType: 'text/csv',
      SplitType: 'Line',
      DataSource: {
        S3DataSource: {
          S3DataType: 'S3Prefix',
          S3Uri: artifactUri(settings, featuresKey(side, model, runId)),
        },
      },
    },
    TransformOutput: {
      S3OutputPath: artifactUri(settings, runKeys(model, runId).scoresPrefix(side)),
      Accept: 'text/csv',
      AssembleWith: 'Line',
      ...(settings.kmsKeyArn !== null && { KmsKeyId: settings.kmsKeyArn }),
    },
    TransformResources: { InstanceType: plan.instance, InstanceCount: 1 },
    Tags: runTags(settings, model, runId),
  };
}
