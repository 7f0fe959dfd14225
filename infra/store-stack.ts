import { CfnOutput, CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from './config.schema.ts';
import { AlarmTopic } from './foundation/alarm-topic.ts';
import { ModelSchedules } from './foundation/model-schedules.ts';
import { SageMakerRoles } from './foundation/sagemaker-roles.ts';
import { Stores } from './foundation/stores.ts';
import { UndeliveredQueue } from './foundation/undelivered-queue.ts';

/** What must outlive the workflows: buckets, the registry, and what models that are kept refer to. */
export class StoreStack extends Stack {
  readonly stores: Stores;
  readonly sagemakerRoles: SageMakerRoles;
  readonly alarmTopic: ITopic;
  readonly undelivered: IQueue;
  readonly schedules: ModelSchedules;

  constructor(scope: Construct, id: string, props: StackProps & { config: Config }) {
    super(scope, id, props);
    this.stores = new Stores(this, 'Stores', props.config);
    this.sagemakerRoles = new SageMakerRoles(this, 'SageMaker', {
      config: props.config,
      stores: this.stores,
    });
    this.alarmTopic = new AlarmTopic(this, 'Alarms', props.config).topic;
    this.undelivered = new UndeliveredQueue(this, 'Undelivered', props.config).queue;
    this.schedules = new ModelSchedules(this, 'Schedules', {
      config: props.config,
      undelivered: this.undelivered,
    });
    new CfnOutput(this, 'DataBucketName', { value: this.stores.dataBucket.bucketName });
    new CfnOutput(this, 'ArtifactsBucketName', { value: this.stores.artifactsBucket.bucketName });
    new CfnOutput(this, 'AuditBucketName', { value: this.stores.auditBucket.bucketName });
    new CfnOutput(this, 'RegistryTableName', {
      value: this.stores.table.tableName,
      exportName: this.stores.registryExport,
    });
    this.#makeRegistryLast();
    this.#keepExports();
  }

  /**
   * The registry is protected from deletion, from CloudFormation's too: when a first creation fails, everything that was made is taken away,
   * and a table that was already there would stay.
   */
  #makeRegistryLast(): void {
    const table = this.stores.table.node.defaultChild;
    for (const resource of this.node.findAll()) {
      if (resource !== table && CfnResource.isCfnResource(resource))
        this.stores.table.node.addDependency(resource);
    }
  }

  /**
   * CloudFormation updates this stack first and removes no export that another stack still imports: without these, a release that
   * stops using a name could not be deployed over one that does.
   */
  #keepExports(): void {
    const { dataBucket, artifactsBucket, table, key } = this.stores;
    for (const bucket of [dataBucket, artifactsBucket]) {
      this.exportValue(bucket.bucketName);
      this.exportValue(bucket.bucketArn);
    }
    this.exportValue(table.tableName);
    this.exportValue(table.tableArn);
    for (const { roleArn } of this.sagemakerRoles.all) this.exportValue(roleArn);
    this.exportValue(this.alarmTopic.topicArn);
    this.exportValue(this.undelivered.queueArn);
    this.exportValue(this.undelivered.queueName);
    this.exportValue(this.schedules.role.roleArn);
    if (key) this.exportValue(key.keyArn);
  }
}
