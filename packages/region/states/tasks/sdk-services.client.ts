/** A service as `arn:aws:states:::aws-sdk:<service>:<action>` names it. */
export interface SdkService {
  /** The name that errors and causes carry: that of the SDK for Java, as in `DynamoDb.DynamoDbException`. */
  readonly name: string;
  /** The client package. */
  readonly load: () => Promise<object>;
}

/** The services whose clients are installed. */
export const sdkServices: Readonly<Record<string, SdkService>> = {
  cloudwatch: { name: 'CloudWatch', load: () => import('@aws-sdk/client-cloudwatch') },
  dynamodb: { name: 'DynamoDb', load: () => import('@aws-sdk/client-dynamodb') },
  ecr: { name: 'Ecr', load: () => import('@aws-sdk/client-ecr') },
  eventbridge: { name: 'EventBridge', load: () => import('@aws-sdk/client-eventbridge') },
  firehose: { name: 'Firehose', load: () => import('@aws-sdk/client-firehose') },
  lambda: { name: 'Lambda', load: () => import('@aws-sdk/client-lambda') },
  s3: { name: 'S3', load: () => import('@aws-sdk/client-s3') },
  sagemaker: { name: 'SageMaker', load: () => import('@aws-sdk/client-sagemaker') },
  sagemakerruntime: { name: 'SageMakerRuntime', load: () => import('@aws-sdk/client-sagemaker-runtime') },
  scheduler: { name: 'Scheduler', load: () => import('@aws-sdk/client-scheduler') },
  sfn: { name: 'Sfn', load: () => import('@aws-sdk/client-sfn') },
  sqs: { name: 'Sqs', load: () => import('@aws-sdk/client-sqs') },
};
