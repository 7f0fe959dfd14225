import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';
import { lastingRoleName } from './arns.ts';
import type { Stores } from './stores.ts';

/**
 * What training jobs, batch transforms and endpoints run as. A workflow passes it on and needs `passStatement` for that.
 * It reaches the runs in the artifacts bucket, writes captures there, and nothing else of ours: no registry, no raw data.
 *
 * SageMaker takes it again whenever a model is scored, deployed or started, for as long as the model is kept: it is in the store's stack,
 * and has a fixed name, so that neither a workflows' stack nor a store that is made again leaves models without their role.
 */
export class SageMakerRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: { readonly config: Config; readonly stores: Stores }) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      roleName: lastingRoleName(this, props.config.stage, 'sagemaker'),
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      description: `Tidemark ${props.config.stage}: training, batch scoring and hosting`,
    });
    this.#allowRuns(props.stores);
    this.#allowLogsAndMetrics();
    this.#allowImages();
    this.#allowReadingAlarms();
    if (props.config.vpc) this.#allowNetworkInterfaces();
  }

  get arn(): string {
    return this.role.roleArn;
  }

  /** For the role of a state machine that starts jobs or creates models: it may hand this role to SageMaker only. */
  passStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [this.arn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  }

  #allowRuns({ artifactsBucket, key }: Stores): void {
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
        resources: [artifactsBucket.arnForObjects('runs/*')],
      }),
    );
    // What instance endpoints capture of their traffic; nobody reads it in their name.
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: [artifactsBucket.arnForObjects('captures/*')],
      }),
    );
    // Jobs list the prefix they read before they read it.
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [artifactsBucket.bucketArn] }),
    );
    // Encrypt is what SageMaker's documentation asks of the role for `OutputDataConfig.KmsKeyId`; the others are S3's.
    if (key) key.grant(this.role, 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey');
  }

  #allowLogsAndMetrics(): void {
    const { partition, region, account } = Stack.of(this);
    const logGroups = `arn:${partition}:logs:${region}:${account}:log-group:/aws/sagemaker/*`;
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
        ],
        resources: [logGroups],
      }),
    );
    // PutMetricData knows no resources; the namespaces are those that jobs and endpoints write.
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: {
          StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/*', 'aws/sagemaker/*'] },
        },
      }),
    );
  }

  /** Any repository: built-in images are in AWS's accounts, users' own images in theirs. */
  #allowImages(): void {
    const { partition, region } = Stack.of(this);
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [`arn:${partition}:ecr:${region}:*:repository/*`],
      }),
    );
    // A token is for a registry, so this action knows no resources.
    this.role.addToPolicy(new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
  }

  /** AWS says that "the IAM execution role" needs this for guarded updates, and not which one. The action knows no resources. */
  #allowReadingAlarms(): void {
    this.role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
  }

  /** EC2 lets none of these be limited to interfaces that do not exist yet. */
  #allowNetworkInterfaces(): void {
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:CreateNetworkInterfacePermission',
          'ec2:DeleteNetworkInterface',
          'ec2:DeleteNetworkInterfacePermission',
          'ec2:DescribeDhcpOptions',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
        resources: ['*'],
      }),
    );
  }
}
