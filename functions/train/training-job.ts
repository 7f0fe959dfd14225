import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { resourceName, runKeys } from '@tidemark/domain/names.ts';
import { hyperparameters } from './job-hyperparameters.ts';
import type { ResolvedImage } from './resolved-image.ts';
import { stoppingCondition } from './run-limits.ts';
import { artifactUri, runTags, type SageMakerSettings } from './sagemaker-settings.ts';

/** What a training job is made of. */
export interface TrainingJobPlan {
  readonly definition: Definition;
  readonly runId: string;
  readonly image: ResolvedImage;
  /** 0 for regression. */
  readonly classes: number;
  /** Size of the prepared training and validation files. */
  readonly dataBytes: number;
}

/** SageMaker's request, but for instance types, of which AWS adds some before the SDK knows them. */
export type TrainingJobRequest = Omit<CreateTrainingJobRequest, 'ResourceConfig' | 'OutputDataConfig'> & {
  readonly OutputDataConfig: { readonly S3OutputPath: string; readonly KmsKeyId?: string };
  readonly ResourceConfig: {
    readonly InstanceType: string;
    readonly InstanceCount: number;
    readonly VolumeSizeInGB: number;
  };
};

/** What an instance's disk holds besides the data: what the algorithm spills, the model, and twice as much to spare. */
const spareGibibytes = 20;
const bytesPerGibibyte = 1024 ** 3;

/** `CreateTrainingJob` for a run. No metric definitions: SageMaker refuses them for its own images. */
export function trainingJob(plan: TrainingJobPlan, settings: SageMakerSettings): TrainingJobRequest {
  const { definition, runId } = plan;
  const { training, name: model } = definition;
  const keys = runKeys(model, runId);
  return {
    TrainingJobName: resourceName(settings.stage, model, runId),
    AlgorithmSpecification: { TrainingImage: plan.image.uri, TrainingInputMode: 'File' },
    HyperParameters: hyperparameters(definition, plan.classes),
    RoleArn: settings.roleArns.jobs,
    InputDataConfig: [
      channel('train', artifactUri(settings, keys.train)),
      channel('validation', artifactUri(settings, keys.validation)),
    ],
    OutputDataConfig: {
      S3OutputPath: artifactUri(settings, keys.modelPrefix),
      ...(settings.kmsKeyArn !== null && { KmsKeyId: settings.kmsKeyArn }),
    },
    ResourceConfig: {
      InstanceType: training.instance,
      InstanceCount: 1,
      VolumeSizeInGB: spareGibibytes + Math.ceil(plan.dataBytes / bytesPerGibibyte),
    },
    StoppingCondition: stoppingCondition(definition),
    EnableManagedSpotTraining: training.spot,
    EnableNetworkIsolation: training.networkIsolation,
    ...(settings.vpc && { VpcConfig: settings.vpc }),
    Tags: runTags(settings, model, runId),
  };
}

/** The built-in XGBoost takes libsvm unless it is told. */
function channel(ChannelName: 'train' | 'validation', S3Uri: string) {
  return {
    ChannelName,
    ContentType: 'text/csv',
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix' as const,
        S3Uri,
        S3DataDistributionType: 'FullyReplicated' as const,
      },
    },
  };
}
