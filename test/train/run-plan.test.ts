import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { modelName, runIdOf } from '@tidemark/domain/names.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { trainedKey, withArtifact } from '../../functions/train/kept-model.ts';
import type { Champion } from '../../functions/train/preparation.schema.ts';
import { modelRequest } from '../../functions/train/prepare.schema.ts';
import { type ResolvedImage, readImage } from '../../functions/train/resolved-image.ts';
import { runLeaseSeconds } from '../../functions/train/run-lease.ts';
import { trainingTimeoutSeconds } from '../../functions/train/run-limits.ts';
import { planRun } from '../../functions/train/run-plan.ts';
import type { SageMakerSettings } from '../../functions/train/sagemaker-settings.ts';
import { scoresKey } from '../../functions/train/transform-job.ts';
import { createModelSchema } from '../../packages/region/services/sagemaker/create-model.schema.ts';
import { createTrainingJobSchema } from '../../packages/region/services/sagemaker/create-training-job.schema.ts';
import { createTransformJobSchema } from '../../packages/region/services/sagemaker/create-transform-job.schema.ts';

const settings: SageMakerSettings = {
  stage: 'dev',
  tags: [{ Key: 'cost-centre', Value: '42' }],
  roleArns: {
    jobs: 'arn:aws:iam::111122223333:role/jobs',
    serving: 'arn:aws:iam::111122223333:role/serving',
    serverless: 'arn:aws:iam::111122223333:role/serverless',
  },
  xgboostImage: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1',
  artifactsBucket: 'artifacts',
  kmsKeyArn: null,
  vpc: null,
};
const vpc = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
const none: Champion = { kind: 'none' };
const runId = '0123456789';
const digest = `sha256:${'a'.repeat(64)}`;
const image: ResolvedImage = {
  uri: `141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost@${digest}`,
  digest,
};

const define = (more: Partial<z.input<typeof definitionSchema>> = {}) =>
  definitionSchema.parse({ name: 'flight-delay', problem: 'binary', target: 'late', ...more });

function plan(
  more: Partial<z.input<typeof definitionSchema>> = {},
  with_: Partial<SageMakerSettings> = {},
  champion = none,
) {
  return planRun({ definition: define(more), runId, image, classes: 3, dataBytes: 1 }, champion, {
    ...settings,
    ...with_,
  });
}

describe('the training job', () => {
  it('is what SageMaker takes', () => {
    const { trainingJob } = plan();

    expect(trainingJob).toEqual({
      TrainingJobName: 'tidemark-dev-flight-delay-0123456789',
      AlgorithmSpecification: { TrainingImage: image.uri, TrainingInputMode: 'File' },
      HyperParameters: {
        objective: 'binary:logistic',
        eval_metric: 'logloss',
        num_round: '100',
        early_stopping_rounds: '10',
        seed: '0',
      },
      RoleArn: settings.roleArns.jobs,
      InputDataConfig: ['train', 'validation'].map((channel) => ({
        ChannelName: channel,
        ContentType: 'text/csv',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: `s3://artifacts/job-inputs/flight-delay/0123456789/${channel}/data.csv`,
            S3DataDistributionType: 'FullyReplicated',
          },
        },
      })),
      OutputDataConfig: { S3OutputPath: 's3://artifacts/job-outputs/flight-delay/0123456789/model' },
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

    expect(plan({ training }).trainingJob.HyperParameters).toEqual({ depth: '3' });
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
  const isolatedTraining = { training: { networkIsolation: true } };
  const openTraining = { training: { networkIsolation: false } };
  const onInstances = { deployment: { kind: 'instance' } } as const;
  const name = 'tidemark-dev-flight-delay-0123456789';
  const { jobs, serving, serverless } = settings.roleArns;

  it('that is served and the one that is scored run the image that trained', () => {
    const { models, trainingJob } = plan();

    expect(trainingJob.AlgorithmSpecification?.TrainingImage).toBe(image.uri);
    for (const model of Object.values(models)) expect(model.PrimaryContainer).toEqual({ Image: image.uri });
  });

  it.each([
    { more: isolatedTraining, ModelName: `${name}-o`, ExecutionRoleArn: serverless, isolated: undefined },
    { more: openTraining, ModelName: `${name}-o`, ExecutionRoleArn: serverless, isolated: undefined },
    {
      more: { ...isolatedTraining, ...onInstances },
      ModelName: name,
      ExecutionRoleArn: serving,
      isolated: true,
    },
    {
      more: { ...openTraining, ...onInstances },
      ModelName: `${name}-o`,
      ExecutionRoleArn: serving,
      isolated: false,
    },
  ])(
    'that is served for $more is isolated where SageMaker can, has that in its name, and its own role',
    ({ more, ModelName, ExecutionRoleArn, isolated }) => {
      const { served } = plan(more, { vpc }).models;

      expect(served).toMatchObject({ ModelName, ExecutionRoleArn });
      expect(served.EnableNetworkIsolation).toBe(isolated);
      // Serverless endpoints take no model with a network of its own.
      expect(served.VpcConfig).toEqual(isolated === undefined ? undefined : vpc);
    },
  );

  it.each([isolatedTraining, openTraining, { ...isolatedTraining, ...onInstances }])(
    'that is scored for %j runs as the jobs do, isolated as the training is, whatever serves',
    (more) => {
      expect(plan(more, { vpc }).models.scored).toMatchObject({
        ModelName: `${name}-t`,
        ExecutionRoleArn: jobs,
        EnableNetworkIsolation: more.training.networkIsolation,
        VpcConfig: vpc,
      });
    },
  );

  it.each(['scored', 'served'] as const)(
    'that is %s is what SageMaker takes, once it is known where its data is',
    (which) => {
      const complete = withArtifact(modelRequest.parse(plan().models[which]), {
        bucket: 'artifacts',
        key: 'models/model.tar.gz',
      });

      expect(complete.PrimaryContainer).toMatchObject({ ModelDataUrl: 's3://artifacts/models/model.tar.gz' });
      expect(createModelSchema.safeParse(complete).error).toBeUndefined();
    },
  );
});

describe('what a training job wrote', () => {
  const run = { model: 'churn', runId };
  const own = `s3://artifacts/job-outputs/churn/${runId}/model/job/output/model.tar.gz`;

  it('is found where SageMaker says', () => {
    expect(trainedKey(own, run, 'artifacts')).toBe(own.slice('s3://artifacts/'.length));
  });

  it.each([
    own.replace('churn', 'other'),
    own.replace(runId, '9876543210'),
    own.replace('artifacts', 'elsewhere'),
    own.replace('job-outputs', 'runs'),
  ])('is not taken from %s', (uri) => {
    expect(() => trainedKey(uri, run, 'artifacts')).toThrow(/not its own/);
  });
});

describe('the batch transforms', () => {
  const champion: Champion = {
    kind: 'comparable',
    version: 1,
    scoredModelName: 'the-live-one',
    classes: [],
  };

  it('score a line per row of text/csv, each side with its own model, features and place', () => {
    const { challenger, champion: other } = plan({}, {}, champion).transforms;

    expect(challenger).toMatchObject({
      TransformJobName: 'tidemark-dev-flight-delay-0123456789-a',
      ModelName: 'tidemark-dev-flight-delay-0123456789-t',
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
            S3Uri: 's3://artifacts/job-inputs/flight-delay/0123456789/holdout/champion-features.csv',
          },
        },
      },
      TransformOutput: { S3OutputPath: 's3://artifacts/job-outputs/flight-delay/0123456789/scores/champion' },
    });
    for (const transform of [challenger, other])
      expect(createTransformJobSchema.safeParse(transform).error).toBeUndefined();
  });

  it('put their scores where the evaluation looks for them', () => {
    expect(scoresKey('challenger', 'm', 'r')).toBe('job-outputs/m/r/scores/challenger/features.csv.out');
    expect(scoresKey('champion', 'm', 'r')).toBe('job-outputs/m/r/scores/champion/champion-features.csv.out');
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
        const champion: Champion = { kind: 'comparable', version: 1, scoredModelName: 'm', classes: [] };
        const { trainingJob, models, transforms } = planRun(
          { definition: define({ name }), runId: runIdOf(arn), image, classes: 0, dataBytes: 0 },
          champion,
          { ...settings, stage: aStage },
        );
        const names = [
          trainingJob.TrainingJobName,
          models.scored.ModelName,
          models.served.ModelName,
          `${models.served.ModelName?.replace(/-o$/, '')}`,
          transforms.challenger.TransformJobName,
          transforms.champion?.TransformJobName,
        ];
        for (const each of names) expect(each).toMatch(entity);
        // A training job and the model that it makes share a name: they are of different kinds.
        expect(new Set(names).size).toBe(5);
      }),
    );
  });
});

describe('an image', () => {
  it.each([
    {
      uri: settings.xgboostImage,
      expected: {
        lookup: {
          registryId: '141502667606',
          repository: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost',
          repositoryName: 'sagemaker-xgboost',
          tag: '1.7-1',
        },
      },
    },
    {
      uri: '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/churn',
      expected: {
        lookup: {
          registryId: '111122223333',
          repository: '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/churn',
          repositoryName: 'team/churn',
          tag: 'latest',
        },
      },
    },
    {
      uri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@${digest}`,
      expected: {
        resolved: { uri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@${digest}`, digest },
      },
    },
    {
      uri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3@${digest}`,
      expected: {
        resolved: { uri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn@${digest}`, digest },
      },
    },
    {
      uri: 'public.ecr.aws/x/churn:3',
      expected: { resolved: { uri: 'public.ecr.aws/x/churn:3', digest: null } },
    },
  ])('$uri says which it is, or how to ask', ({ uri, expected }) => {
    expect(readImage(uri)).toEqual(expected);
  });
});

describe('the lease', () => {
  it('outlasts everything that the machine allows a run', () => {
    const definition = define({ training: { timeLimitMinutes: 2880 } });
    const twoQuotaWaits = 2 * 72 * 360;
    const fourFunctionsTwice = 4 * 2 * 900;

    expect(runLeaseSeconds(definition)).toBeGreaterThanOrEqual(
      trainingTimeoutSeconds(definition) + 7200 + twoQuotaWaits + fourFunctionsTwice,
    );
  });
});
