import { artifactPrefixes, capturesPrefix } from '@tidemark/domain/names.ts';
import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';
import { lastingRoleName } from './arns.ts';
import type { Stores } from './stores.ts';
import { xgboostRepositoryArn } from './xgboost-image.ts';

interface SageMakerRolesProps {
  readonly config: Config;
  readonly stores: Stores;
}

/** What a role's containers may read and write in the artifacts bucket, by prefix. */
interface Reach {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const { jobInputs, jobOutputs, models } = artifactPrefixes;

/**
 * What SageMaker's containers run as. Isolated ones, all by default, have no credentials of these roles: SageMaker fetches and stores what
 * is theirs. So this is what a container can reach at most that somebody allowed to run without isolation; docs/threat-model.md says what
 * remains possible. None of them reaches the registry, raw data, a hold-out's labels, or what the function captured, and what is served
 * cannot be written by any.
 *
 * SageMaker takes a model's role again whenever it is scored, deployed or started, for as long as the model is kept: they are in the
 * store's stack, and have fixed names, so that neither a workflows' stack nor a store that is made again leaves models without their role.
 */
export class SageMakerRoles extends Construct {
  /** Training jobs and batch transforms. */
  readonly jobs: Role;
  /** Endpoints on instances. */
  readonly serving: Role;
  /** Serverless endpoints, which SageMaker cannot isolate and which capture nothing themselves. */
  readonly serverless: Role;

  readonly #props: SageMakerRolesProps;

  constructor(scope: Construct, id: string, props: SageMakerRolesProps) {
    super(scope, id);
    this.#props = props;
    const { limits, vpc } = props.config;
    this.jobs = this.#role('Jobs', 'jobs', 'training and batch scoring', {
      reads: [jobInputs, models],
      writes: [jobOutputs],
    });
    this.serving = this.#role('Serving', 'serving', 'endpoints on instances', {
      reads: [models],
      writes: [`${capturesPrefix}*/endpoint/`],
    });
    this.serverless = this.#role('Serverless', 'serverless', 'serverless endpoints', {
      reads: [models],
      writes: [],
    });
    this.#forbidForgingOfCaptures();
    this.#allowReadingAlarms();
    for (const role of [this.jobs, this.serving]) {
      this.#allowImages(role, 'own-too');
      if (vpc) allowNetworkInterfaces(role);
    }
    // Its containers are never isolated.
    this.#allowImages(this.serverless, limits.networkIsolation === 'always' ? 'built-in' : 'own-too');
  }

  get all(): readonly Role[] {
    return [this.jobs, this.serving, this.serverless];
  }

  /** For the role of a state machine that starts jobs or creates models: it may hand these roles to SageMaker only. */
  passStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: this.all.map(({ roleArn }) => roleArn),
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  }

  #role(id: string, purpose: string, what: string, reach: Reach): Role {
    const { stage } = this.#props.config;
    const role = new Role(this, id, {
      roleName: lastingRoleName(this, stage, purpose),
      assumedBy: sagemakerOf(this),
      description: `Tidemark ${stage}: ${what}`,
    });
    this.#allowObjects(role, reach);
    this.#allowLogsAndMetrics(role);
    return role;
  }

  #allowObjects(role: Role, { reads, writes }: Reach): void {
    const { artifactsBucket, key } = this.#props.stores;
    const objects = (prefixes: readonly string[]) =>
      prefixes.map((prefix) => artifactsBucket.arnForObjects(`${prefix}*`));
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: objects(reads) }));
    // SageMaker lists the prefix that it reads before it reads it. A listing without a prefix is none of these.
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [artifactsBucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': reads.map((prefix) => `${prefix}*`) } },
      }),
    );
    if (writes.length > 0) {
      role.addToPolicy(
        new PolicyStatement({
          actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
          resources: objects(writes),
        }),
      );
    }
    // Encrypt is what SageMaker's documentation asks of the role for `OutputDataConfig.KmsKeyId`; the others are S3's.
    const keyUses =
      writes.length > 0 ? ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
    key?.grant(role, ...keyUses);
  }

  /** `*` in the name of an object stands for slashes too: without this, a key of the function's captures could have `/endpoint/` further on. */
  #forbidForgingOfCaptures(): void {
    const { artifactsBucket } = this.#props.stores;
    this.serving.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['s3:PutObject'],
        resources: [artifactsBucket.arnForObjects(`${capturesPrefix}*/function/*`)],
      }),
    );
  }

  #allowLogsAndMetrics(role: Role): void {
    const { partition, region, account } = Stack.of(this);
    const logGroups = `arn:${partition}:logs:${region}:${account}:log-group:/aws/sagemaker/*`;
    role.addToPolicy(
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
    role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: {
          StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/*', 'aws/sagemaker/*'] },
        },
      }),
    );
  }

  #allowImages(role: Role, which: 'built-in' | 'own-too'): void {
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources:
          which === 'built-in'
            ? [xgboostRepositoryArn(this)]
            : imageRepositoryArns(this, this.#props.config.limits.images),
      }),
    );
    // A token is for a registry, so this action knows no resources.
    role.addToPolicy(new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
  }

  /** AWS says that "the IAM execution role" needs this for guarded updates, and not which one. The action knows no resources. */
  #allowReadingAlarms(): void {
    this.serving.addToPolicy(
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    );
  }
}

/**
 * SageMaker acting for this account and region. Its guide (Cross-service confused deputy prevention) has `aws:SourceArn` as `training-job/…`
 * and `transform-job/…` for jobs, and for endpoints of all kinds as the very text `arn:…:<account>:*`: one pattern matches the three.
 */
function sagemakerOf(scope: Construct): ServicePrincipal {
  const { partition, region, account } = Stack.of(scope);
  return new ServicePrincipal('sagemaker.amazonaws.com', {
    conditions: { ArnLike: { 'aws:SourceArn': `arn:${partition}:sagemaker:${region}:${account}:*` } },
  });
}

/** Repositories that images may come from: the built-in's, and those that are allowed; any, where none are named. */
export function imageRepositoryArns(scope: Construct, images: readonly string[] | undefined): string[] {
  const { partition, region } = Stack.of(scope);
  if (images === undefined) return [`arn:${partition}:ecr:${region}:*:repository/*`];
  const own = images.map((uri) => {
    const [registry = '', ...name] = uri.split('/');
    const [account, , , itsRegion] = registry.split('.');
    return `arn:${partition}:ecr:${itsRegion}:${account}:repository/${name.join('/')}`;
  });
  return [xgboostRepositoryArn(scope), ...own];
}

/** EC2 lets none of these be limited to interfaces that do not exist yet. */
function allowNetworkInterfaces(role: Role): void {
  role.addToPolicy(
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
