import { captureErrorsPrefix, capturesPrefix } from '@tidemark/domain/names.ts';
import { storeFormat } from '@tidemark/domain/registry/store-format.ts';
import { Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';

/** Everything that keeps state: three buckets, the registry table and, if asked for, their key. */
export class Stores extends Construct {
  /** Drop zones and datasets. Its events start every capability. */
  readonly dataBucket: Bucket;
  /** Runs: prepared splits, models, scores, evaluations. */
  readonly artifactsBucket: Bucket;
  /** Records that cannot be altered. */
  readonly auditBucket: Bucket;
  /** The registry. */
  readonly table: Table;
  /** The customer-managed key, when the configuration asks for one. */
  readonly key: Key | undefined;

  readonly #config: Config;
  readonly #removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.#config = config;
    // What is kept holds something; what a creation that failed made does not, and would be in the next one's way.
    this.#removalPolicy =
      config.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    this.key =
      config.encryption === 'customer'
        ? new Key(this, 'Key', { enableKeyRotation: true, removalPolicy: this.#removalPolicy })
        : undefined;

    this.dataBucket = this.#bucket('Data');
    sendEventsToEventBridge(this.dataBucket);
    this.artifactsBucket = this.#bucket('Artifacts', { lifecycleRules: this.#captureRules() });
    this.auditBucket = this.#bucket('Audit', {
      objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(config.auditRetentionDays)),
    });
    this.table = this.#registryTable();
  }

  /**
   * Under which name the workflows' stack imports the registry's. It has the number of the store's format: CloudFormation deletes no export
   * that is in use, so a release of another format is refused before it changes anything.
   */
  get registryExport(): string {
    return `tidemark-${this.#config.stage}-registry-of-format-${storeFormat}`;
  }

  /** The registry's name, for what is not in the stack of the stores. */
  get registryName(): string {
    return Fn.importValue(this.registryExport);
  }

  /** For a workflow whose jobs or endpoints SageMaker encrypts with the key: it may let only AWS services use it. */
  statementsForKeyGrants(): PolicyStatement[] {
    if (!this.key) return [];
    return [
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources: [this.key.keyArn],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
      new PolicyStatement({ actions: ['kms:DescribeKey'], resources: [this.key.keyArn] }),
    ];
  }

  #bucket(
    id: string,
    {
      lifecycleRules = [],
      ...more
    }: { lifecycleRules?: LifecycleRule[]; objectLockDefaultRetention?: ObjectLockRetention } = {},
  ): Bucket {
    return new Bucket(this, id, {
      versioned: true,
      encryption: this.key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(this.key && { encryptionKey: this.key, bucketKeyEnabled: true }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: this.#removalPolicy,
      lifecycleRules: [
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...lifecycleRules,
      ],
      ...more,
    });
  }

  /**
   * Captures come with every prediction and are raw records: kept for as long as they are of use, then deleted for good, a week after they
   * were hidden. S3 removes what is left, a delete marker, by the same rules.
   */
  #captureRules(): LifecycleRule[] {
    return [capturesPrefix, captureErrorsPrefix].map((prefix) => ({
      id: prefix.replace('/', ''),
      prefix,
      expiration: Duration.days(this.#config.captureRetentionDays),
      noncurrentVersionExpiration: Duration.days(7),
    }));
  }

  #registryTable(): Table {
    return new Table(this, 'Registry', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      // Idle models cost nothing; bursts need no planning.
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: this.key ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.AWS_MANAGED,
      ...(this.key && { encryptionKey: this.key }),
      deletionProtection: this.#config.removalPolicy === 'retain',
      removalPolicy: this.#removalPolicy,
    });
  }
}

/** Natively: the L2 property would add a custom resource with a Lambda function of its own. */
function sendEventsToEventBridge(bucket: Bucket): void {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error(`${bucket.node.path} has no CfnBucket to configure.`);
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}
