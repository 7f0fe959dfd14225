/** What the deployment of Tidemark fixes for every job; from the function's environment. */
export interface SageMakerSettings {
  readonly stage: string;
  /** The configuration's own. */
  readonly tags: readonly Tag[];
  readonly roleArns: RoleArns;
  /** Image of the built-in XGBoost in this region. */
  readonly xgboostImage: string;
  readonly artifactsBucket: string;
  /** Customer-managed key of the buckets; `null` for S3's own. */
  readonly kmsKeyArn: string | null;
  /** Network of jobs and models; `null` for SageMaker's own. */
  readonly vpc: VpcConfig | null;
}

interface Tag {
  Key: string;
  Value: string;
}

/** What containers run as: `infra/foundation/sagemaker-roles.ts`. */
export interface RoleArns {
  readonly jobs: string;
  readonly serving: string;
  readonly serverless: string;
}

export interface VpcConfig {
  Subnets: string[];
  SecurityGroupIds: string[];
}

/** Where SageMaker finds or puts something of a run; without a slash at the end, as SageMaker appends one. */
export function artifactUri({ artifactsBucket }: SageMakerSettings, key: string): string {
  return `s3://${artifactsBucket}/${key.replace(/\/$/, '')}`;
}

/** Tags of everything that a run makes in SageMaker, for cost reports and for finding it. */
export function runTags({ stage, tags }: SageMakerSettings, model: string, runId: string): Tag[] {
  return [
    ...tags,
    { Key: 'tidemark:stage', Value: stage },
    { Key: 'tidemark:model', Value: model },
    { Key: 'tidemark:run', Value: runId },
  ];
}
