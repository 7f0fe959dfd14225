import { captureErrorsPrefix, captureKeys, capturesPrefix } from '@tidemark/domain/names.ts';
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';

/**
 * Windows are an hour at least, so five minutes of delay cost nothing, and larger objects are fewer. With dynamic partitioning Firehose
 * takes 60 s and 64 MiB at least.
 */
const buffering = { intervalInSeconds: 300, sizeInMBs: 64 } as const;

/**
 * How long Firehose tries to write a partition before it goes to the errors; its most. No metric tells of that, so the alarm of undelivered
 * captures, which goes off after 15 minutes, must come first.
 */
const retrySeconds = 7200;

/**
 * One delivery stream for the captured predictions of all models, which it keeps apart by the `model` in each record: a model is no
 * stack, so there is nothing to make for a new one. Natively, as the L2 construct would let it read and delete the whole bucket.
 */
export class CaptureDeliveryStream extends Construct {
  readonly resource: CfnDeliveryStream;
  readonly #foundation: Foundation;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
    const { artifactsBucket, key } = foundation.stores;
    const role = this.#role();
    this.resource = new CfnDeliveryStream(this, 'Resource', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: key
        ? { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn }
        : { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: artifactsBucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${captureKeys('!{partitionKeyFromQuery:model}').byFunction}!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${captureErrorsPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
        bufferingHints: buffering,
        // Records of one model repeat their column names; they shrink to a tenth.
        compressionFormat: 'GZIP',
        ...(key && { encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: key.keyArn } } }),
        cloudWatchLoggingOptions: this.#logging(role),
        dynamicPartitioningConfiguration: {
          enabled: true,
          retryOptions: { durationInSeconds: retrySeconds },
        },
        processingConfiguration: { enabled: true, processors: [modelExtraction] },
      },
    });
    // Firehose checks what it may do when it is created.
    this.resource.node.addDependency(role);
  }

  get name(): string {
    return this.resource.ref;
  }

  get arn(): string {
    return this.resource.attrArn;
  }

  /** What Firehose's documentation asks for a bucket, its objects below the two prefixes that it writes. */
  #role(): Role {
    const { artifactsBucket, key } = this.#foundation.stores;
    // Without `aws:SourceArn` or `aws:SourceAccount`: Firehose's guide (Controlling access) has neither in its trust policy, and one that is not sent
    // would keep the stream from being created. Who creates a stream with this role must be allowed to pass it.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'],
        resources: [capturesPrefix, captureErrorsPrefix].map((prefix) =>
          artifactsBucket.arnForObjects(`${prefix}*`),
        ),
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [artifactsBucket.bucketArn],
      }),
    );
    key?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
    return role;
  }

  /** Where Firehose says why it could not deliver. */
  #logging(role: Role): CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
    const logGroup = new LogGroup(this, 'Logs', {
      retention: this.#foundation.config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stream = new LogStream(this, 'LogStream', { logGroup, removalPolicy: RemovalPolicy.DESTROY });
    logGroup.grantWrite(role);
    return { enabled: true, logGroupName: logGroup.logGroupName, logStreamName: stream.logStreamName };
  }
}

const modelExtraction: CfnDeliveryStream.ProcessorProperty = {
  type: 'MetadataExtraction',
  parameters: [
    { parameterName: 'MetadataExtractionQuery', parameterValue: '{model:.model}' },
    { parameterName: 'JsonParsingEngine', parameterValue: 'JQ-1.6' },
  ],
};
