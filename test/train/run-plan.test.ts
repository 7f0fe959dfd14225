import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { definitionSchema } from '../../functions/definition/definition.schema.ts';
import { modelName, runIdOf } from '../../functions/names.ts';
import { resolveImage } from '../../functions/train/image.ts';
import { runLeaseSeconds } from '../../functions/train/lease.ts';
import type { Champion } from '../../functions/train/preparation.schema.ts';
import { trainingTimeoutSeconds } from '../../functions/train/run-limits.ts';
import { planRun } from '../../functions/train/run-plan.ts';
import type { SageMakerSettings } from '../../functions/train/sagemaker-settings.ts';
import { scoresKey } from '../../functions/train/transform-job.ts';
import { createModelSchema } from '../../local/services/sagemaker/create-model.schema.ts';
import { createTrainingJobSchema } from '../../local/services/sagemaker/create-training-job.schema.ts';
import { createTransformJobSchema } from '../../local/services/sagemaker/create-transform-job.schema.ts';

const settings: SageMakerSettings = {
  stage: 'dev',
  tags: [{ Key: 'cost-centre', Value: '42' }],
  roleArn: 'arn:aws:iam::111122223333:role/sagemaker',
  xgboostImage: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1',
  artifactsBucket: 'artifacts',
  kmsKeyArn: null,
  vpc: null,
};
const vpc = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
const none: Champion = { kind: 'none' };
const runId = '0123456789';

const define = (more: Partial<z.input<typeof definitionSchema>> = {}) =>
  definitionSchema.parse({ name: 'flight-delay', problem: 'binary', target: 'late', ...more });

function plan(
  more: Partial<z.input<typeof definitionSchema>> = {},
  with_: Partial<SageMakerSettings> = {},
  champion = none,
) {
  return planRun({ definition: define(more), runId, classes: 3, dataBytes: 1 }, champion, {
    ...settings,
    ...with_,
  });
}

describe('the training job', () => {
  it('is what SageMaker takes', () => {
    const { trainingJob } = plan();

    expect(trainingJob).toEqual({
      TrainingJobName: 'tidemark-dev-flight-delay-0123456789',
      AlgorithmSpecification: { TrainingImage: settings.xgboostImage, TrainingInputMode: 'File' },
      HyperParameters: {
        objective: 'binary:logistic',
        eval_metric: 'logloss',
        num_round: '100',
        early_stopping_rounds: '10',
        seed: '0',
      },
      RoleArn: settings.roleArn,
      InputDataConfig: ['train', 'validation'].map((channel) => ({
        ChannelName: channel,
        ContentType: 'text/csv',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: `s3://artifacts/runs/flight-delay/0123456789/${channel}/data.csv`,
            S3DataDistributionType: 'FullyReplicated',
          },
        },
      })),
      OutputDataConfig: { S3OutputPath: 's3://artifacts/runs/flight-delay/0123456789/model' },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 21 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      EnableManagedSpotTraining: false,
      EnableNetworkIsolation: true,
      Tags: [
        { Key: 'cost-centre', Value: '42' },
        { Key: 'tidemark:stage', Value: 'dev' },
        { Key: 'tidemark:model', Value: 'flight-delay' },
        { Key: 'tidemark:run', Value: runId },
      ],
    });
    expect(createTrainingJobSchema.safeParse(trainingJob).error).toBeUndefined();
  });

  it.each([
    { problem: 'multiclass', objective: 'multi:softprob', eval_metric: 'mlogloss', num_class: '3' },
    { problem: 'regression', objective: 'reg:squarederror', eval_metric: 'rmse' },
  ] as const)('has the objective of a $problem problem', ({ problem, ...expected }) => {
    const given = plan({ problem }).trainingJob.HyperParameters;

    expect(given).toMatchObject(expected);
    expect('num_class' in (given ?? {})).toBe(problem === 'multiclass');
  });

  it('lets the definition’s hyperparameters take precedence', () => {
    const training = { hyperparameters: { num_round: 500, eta: 0.05 } };

    expect(plan({ training }).trainingJob.HyperParameters).toMatchObject({
      num_round: '500',
      eta: '0.05',
      seed: '0',
    });
  });

  it('gives an image of the user’s its own hyperparameters and no others', () => {
    const training = { image: 'registry/churn:3', hyperparameters: { depth: 3 } };

    const { trainingJob, servingModel } = plan({ training });

    expect(trainingJob.HyperParameters).toEqual({ depth: '3' });
    expect(trainingJob.AlgorithmSpecification).toEqual({
      TrainingImage: 'registry/churn:3',
      TrainingInputMode: 'File',
    });
    expect(servingModel.PrimaryContainer).toEqual({ Image: 'registry/churn:3' });
  });

  it.each([
    { training: { timeLimitMinutes: 90 }, expected: { MaxRuntimeInSeconds: 5400 } },
    {
      training: { spot: true, timeLimitMinutes: 20 },
      expected: { MaxRuntimeInSeconds: 1200, MaxWaitTimeInSeconds: 3600 },
    },
    {
      training: { spot: true, timeLimitMinutes: 90 },
      expected: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 3600 },
    },
    {
      training: { spot: true, timeLimitMinutes: 90, image: 'registry/churn:3' },
      expected: { MaxRuntimeInSeconds: 5400, MaxWaitTimeInSeconds: 9000 },
    },
  ])('may take as long as $training says', ({ training, expected }) => {
    const { trainingJob, trainingTimeoutSeconds: timeout } = plan({ training });

    expect(trainingJob.StoppingCondition).toEqual(expected);
    expect(trainingJob.EnableManagedSpotTraining).toBe(expected.MaxWaitTimeInSeconds !== undefined);
    expect(timeout).toBeGreaterThan(expected.MaxWaitTimeInSeconds ?? expected.MaxRuntimeInSeconds);
  });

  it('runs in the VPC and writes with the key that the deployment has', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1';
    const { trainingJob, transforms } = plan({}, { vpc, kmsKeyArn });

    expect(trainingJob.VpcConfig).toEqual(vpc);
    expect(trainingJob.OutputDataConfig.KmsKeyId).toBe(kmsKeyArn);
    expect(transforms.challenger.TransformOutput?.KmsKeyId).toBe(kmsKeyArn);
  });
});

describe('the model', () => {
  it('for a serverless endpoint has no network of its own, which such an endpoint refuses', () => {
    const { servingModel } = plan({}, { vpc });

    expect(servingModel).not.toHaveProperty('EnableNetworkIsolation');
    expect(servingModel).not.toHaveProperty('VpcConfig');
  });

  it('for an instance is isolated as its training is', () => {
    const deployment = { kind: 'instance' } as const;

    expect(plan({ deployment }, { vpc }).servingModel).toMatchObject({
      EnableNetworkIsolation: true,
      VpcConfig: vpc,
    });
    expect(
      plan({ deployment, training: { networkIsolation: false } }).servingModel.EnableNetworkIsolation,
    ).toBe(false);
  });

  it('is what SageMaker takes, once the training job has said where its data is', () => {
    const { servingModel } = plan();
    const complete = {
      ...servingModel,
      PrimaryContainer: { ...servingModel.PrimaryContainer, ModelDataUrl: 's3://artifacts/model.tar.gz' },
    };

    expect(createModelSchema.safeParse(complete).error).toBeUndefined();
  });
});

describe('the batch transforms', () => {
  const champion: Champion = {
    kind: 'comparable',
    version: 1,
    sagemakerModelName: 'the-live-one',
    classes: [],
  };

  it('score a line per row of text/csv, each side with its own model, features and place', () => {
    const { challenger, champion: other } = plan({}, {}, champion).transforms;

    expect(challenger).toMatchObject({
      TransformJobName: 'tidemark-dev-flight-delay-0123456789-a',
      ModelName: 'tidemark-dev-flight-delay-0123456789',
      BatchStrategy: 'MultiRecord',
      TransformInput: { ContentType: 'text/csv', SplitType: 'Line' },
      TransformOutput: { Accept: 'text/csv', AssembleWith: 'Line' },
    });
    expect(other).toMatchObject({
      TransformJobName: 'tidemark-dev-flight-delay-0123456789-b',
      ModelName: 'the-live-one',
      TransformInput: {
        DataSource: {
          S3DataSource: {
            S3Uri: 's3://artifacts/runs/flight-delay/0123456789/holdout/champion-features.csv',
          },
        },
      },
      TransformOutput: { S3OutputPath: 's3://artifacts/runs/flight-delay/0123456789/scores/champion' },
    });
    for (const transform of [challenger, other])
      expect(createTransformJobSchema.safeParse(transform).error).toBeUndefined();
  });

  it('put their scores where the evaluation looks for them', () => {
    expect(scoresKey('challenger', 'm', 'r')).toBe('runs/m/r/scores/challenger/features.csv.out');
    expect(scoresKey('champion', 'm', 'r')).toBe('runs/m/r/scores/champion/champion-features.csv.out');
  });

  it('are one if nothing is compared', () => {
    expect(plan().transforms.champion).toBeNull();
    expect(plan({}, {}, { kind: 'incomparable', version: 1, reason: '' }).transforms.champion).toBeNull();
  });
});

describe('names', () => {
  it('fit SageMaker’s 63 characters and its alphabet for every stage, model and execution', () => {
    const stage = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
    const model = fc
      .stringMatching(/^[a-z][a-z0-9-]{1,30}$/)
      .filter((name) => modelName.safeParse(name).success);
    const entity = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
    fc.assert(
      fc.property(stage, model, fc.string(), (aStage, name, arn) => {
        const champion: Champion = { kind: 'comparable', version: 1, sagemakerModelName: 'm', classes: [] };
        const { trainingJob, servingModel, transforms } = planRun(
          { definition: define({ name }), runId: runIdOf(arn), classes: 0, dataBytes: 0 },
          champion,
          { ...settings, stage: aStage },
        );
        const names = [
          trainingJob.TrainingJobName,
          servingModel.ModelName,
          transforms.challenger.TransformJobName,
          transforms.champion?.TransformJobName,
        ];
        for (const each of names) expect(each).toMatch(entity);
        expect(new Set(names).size).toBe(3);
      }),
    );
  });
});

describe('an image', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it.each([
    {
      uri: settings.xgboostImage,
      expected: {
        digest: null,
        lookup: {
          RegistryId: '141502667606',
          RepositoryName: 'sagemaker-xgboost',
          ImageIds: [{ ImageTag: '1.7-1' }],
        },
      },
    },
    {
      uri: '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/churn',
      expected: {
        digest: null,
        lookup: {
          RegistryId: '111122223333',
          RepositoryName: 'team/churn',
          ImageIds: [{ ImageTag: 'latest' }],
        },
      },
    },
    {
      uri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@${digest}`,
      expected: { digest, lookup: null },
    },
    {
      uri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3@${digest}`,
      expected: { digest, lookup: null },
    },
    { uri: 'public.ecr.aws/x/churn:3', expected: { digest: null, lookup: null } },
  ])('$uri', ({ uri, expected }) => {
    expect(resolveImage(uri)).toEqual(expected);
  });
});

describe('the lease', () => {
  it('outlasts everything that the machine allows a run', () => {
    const definition = define({ training: { timeLimitMinutes: 2880 } });
    const twoQuotaWaits = 2 * 72 * 360;
    const threeFunctionsTwice = 3 * 2 * 900;

    expect(runLeaseSeconds(definition)).toBeGreaterThanOrEqual(
      trainingTimeoutSeconds(definition) + 7200 + twoQuotaWaits + threeFunctionsTwice,
    );
  });
});
