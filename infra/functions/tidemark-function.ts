import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnFunction,
  Code,
  Function as LambdaFunction,
  LayerVersion,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionDirectory } from '../bundle.ts';
import type { Config } from '../config.schema.ts';
import type { Foundation } from '../foundation/foundation.ts';

const layerDirectory = fileURLToPath(new URL('../duckdb-layer', import.meta.url));

/** What DynamoDB's documentation asks of readers and writers of a table with a customer's key, its `*` written out. */
const tableKeyActions = {
  read: ['kms:Decrypt', 'kms:DescribeKey'],
  write: [
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
} as const;

/** What a function may do with items of the registry. */
type RegistryAccess = 'read' | 'read-write';

export interface TidemarkFunctionProps {
  readonly foundation: Foundation;
  /** With `name`, the entry: `functions/<capability>/<name>.lambda.ts`. */
  readonly capability: string;
  readonly name: string;
  readonly description: string;
  /**
   * For a function that callers name themselves. CloudFormation replaces a function only when its name or its kind of package changes, so a
   * name that is fixed stands in no update's way.
   */
  readonly functionName?: string;
  /** 1,769 MB is one virtual CPU. */
  readonly memoryMegabytes?: number;
  readonly timeout?: Duration;
  /** Adds the DuckDB layer and this much scratch space, in GiB (0.5 to 10). */
  readonly duckdbScratchGibibytes?: number;
  readonly environment?: Record<string, string>;
  /** Executions that are kept free for it, and that others cannot take. @default shares the account's */
  readonly reservedConcurrency?: number;
}

/** A function of ours: bundled once, arm64, its own role, its own log group, the environment of every handler. */
export class TidemarkFunction extends Construct {
  readonly resource: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly #foundation: Foundation;

  constructor(scope: Construct, id: string, props: TidemarkFunctionProps) {
    super(scope, id);
    const { foundation, capability, name } = props;
    this.#foundation = foundation;
    const { stores, config } = foundation;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    if (config.vpc?.functions) role.addToPolicy(networkStatement());
    const scratch = props.duckdbScratchGibibytes;
    this.resource = new LambdaFunction(this, 'Function', {
      description: `Tidemark ${capability}: ${props.description}`,
      ...(props.functionName !== undefined && { functionName: props.functionName }),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(functionDirectory(capability, name), { exclude: ['*.map'] }),
      memorySize: props.memoryMegabytes ?? 512,
      timeout: props.timeout ?? Duration.seconds(30),
      // Executions that began with a version need it until they end, and 14 days more, for a redrive.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      role,
      logGroup: this.logGroup,
      ...(config.tracing && { tracing: Tracing.ACTIVE }),
      ...(scratch !== undefined && {
        layers: [duckdbLayer(this)],
        ephemeralStorageSize: Size.mebibytes(Math.round(scratch * 1024)),
      }),
      environment: {
        STAGE: config.stage,
        TABLE_NAME: stores.registryName,
        DATA_BUCKET: stores.dataBucket.bucketName,
        ARTIFACTS_BUCKET: stores.artifactsBucket.bucketName,
        CODE_VERSION: foundation.codeVersion,
        ...(Object.keys(config.tags).length > 0 && { TAGS: JSON.stringify(config.tags) }),
        ...props.environment,
      },
    });
    if (config.vpc?.functions) this.#connect(config.vpc);
  }

  /** Natively: the L2 property wants to know the network's availability zones and whether its subnets are private. */
  #connect({ subnetIds, securityGroupIds }: NonNullable<Config['vpc']>): void {
    const resource = this.resource.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${this.node.path} has no CfnFunction.`);
    resource.vpcConfig = { subnetIds, securityGroupIds };
  }

  get arn(): string {
    return this.resource.functionArn;
  }

  /**
   * The function as this deployment has it. A caller that may outlive this deployment invokes this version: a state machine's execution of up to
   * four days would otherwise continue with other code than it began with. Lambda makes a version only of what has changed.
   */
  get versionArn(): string {
    return this.resource.currentVersion.functionArn;
  }

  /** Every version: roles are shared by executions that began before a deployment and after it. */
  get versionsArn(): string {
    return `${this.resource.functionArn}:*`;
  }

  get grantee(): IGrantable {
    return this.resource;
  }

  /**
   * Reads, or reads and writes, registry items. Never scans, never deletes the table. DynamoDB uses a customer's key with the rights of
   * the caller.
   */
  grantRegistry(access: RegistryAccess): this {
    const reads = ['dynamodb:GetItem', 'dynamodb:Query'];
    const writes = [
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ];
    const { table, key } = this.#foundation.stores;
    table.grant(this.resource, ...reads, ...(access === 'read-write' ? writes : []));
    key?.grant(
      this.resource,
      ...tableKeyActions.read,
      ...(access === 'read-write' ? tableKeyActions.write : []),
    );
    return this;
  }

  /** Reads objects under a prefix of the data or artifacts bucket, any version of them. */
  grantReadObjects(bucket: 'data' | 'artifacts', prefix: string): this {
    return this.#grantObjects(bucket, prefix, ['s3:GetObject', 's3:GetObjectVersion'], ['kms:Decrypt']);
  }

  /** Writes objects under a prefix. */
  grantWriteObjects(bucket: 'data' | 'artifacts', prefix: string): this {
    const keyActions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    return this.#grantObjects(bucket, prefix, ['s3:PutObject', 's3:AbortMultipartUpload'], keyActions);
  }

  /** Puts a delete marker on objects under a prefix; their versions stay. */
  grantDeleteObjects(bucket: 'data' | 'artifacts', prefix: string): this {
    return this.#grantObjects(bucket, prefix, ['s3:DeleteObject'], []);
  }

  /**
   * Lists keys under a prefix. Without it S3 answers 403, not 404, for a missing key; and as a request for an object has no
   * `s3:prefix`, the condition must hold without one.
   */
  grantListObjects(bucket: 'data' | 'artifacts', prefix: string): this {
    return this.#grantListing(bucket, prefix, ['s3:ListBucket']);
  }

  /**
   * Lists keys under a prefix with their versions. Also for reading a version that may be gone: which of the two rights S3 asks before it
   * answers 404 to that and not 403, its reference does not say.
   */
  grantListVersions(bucket: 'data' | 'artifacts', prefix: string): this {
    return this.#grantListing(bucket, prefix, ['s3:ListBucket', 's3:ListBucketVersions']);
  }

  allow(actions: string[], resources: string[], conditions?: Record<string, unknown>): this {
    this.resource.addToRolePolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions, resources, ...(conditions && { conditions }) }),
    );
    return this;
  }

  #grantListing(bucket: 'data' | 'artifacts', prefix: string, actions: string[]): this {
    return this.allow(actions, [this.#bucket(bucket).bucketArn], {
      StringLikeIfExists: { 's3:prefix': `${prefix}*` },
    });
  }

  #grantObjects(bucket: 'data' | 'artifacts', prefix: string, actions: string[], keyActions: string[]): this {
    const { key } = this.#foundation.stores;
    this.allow(actions, [this.#bucket(bucket).arnForObjects(`${prefix}*`)]);
    if (key && keyActions.length > 0) key.grant(this.resource, ...keyActions);
    return this;
  }

  #bucket(bucket: 'data' | 'artifacts') {
    const { dataBucket, artifactsBucket } = this.#foundation.stores;
    return bucket === 'data' ? dataBucket : artifactsBucket;
  }
}

/** Lambda's own list for functions in a VPC; EC2 lets none of it be limited to interfaces that do not exist yet. */
function networkStatement(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}

/** One layer per stack, shared by all functions that touch data. */
function duckdbLayer(scope: Construct): LayerVersion {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild('DuckdbLayer');
  if (existing instanceof LayerVersion) return existing;
  if (!existsSync(join(layerDirectory, 'nodejs/node_modules/@duckdb/node-bindings-linux-arm64'))) {
    throw new Error(
      'DuckDB for Lambda is not installed: npm was told to ignore scripts. Run `npm run postinstall`.',
    );
  }
  return new LayerVersion(stack, 'DuckdbLayer', {
    description: 'DuckDB for Node.js, linux arm64',
    code: Code.fromAsset(layerDirectory, { exclude: ['.npmrc'] }),
    compatibleArchitectures: [Architecture.ARM_64],
    compatibleRuntimes: [Runtime.NODEJS_24_X],
  });
}
