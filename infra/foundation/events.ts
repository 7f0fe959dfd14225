import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';

/** The domain bus, the queue of what could not be delivered, and the topic that tells people. */
export class Events extends Construct {
  readonly bus: EventBus;
  /** Events whose target could not be reached in a day. Nothing is ever lost in silence: its depth is alarmed. */
  readonly undelivered: Queue;
  /** The same queue for the targets of rules, which all may use it already: CDK would make each a statement of its own. */
  readonly deadLetterQueue: IQueue;
  readonly alarmTopic: Topic;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: `tidemark-${config.stage}` });
    this.undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.#letRulesSend(config.stage);
    this.deadLetterQueue = Queue.fromQueueArn(this, 'DeadLetterQueue', this.undelivered.queueArn);
    this.alarmTopic = new Topic(this, 'Alarms', { enforceSSL: true });
    this.alarmTopic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [this.alarmTopic.topicArn],
      }),
    );
    if (config.alarmEmail) this.alarmTopic.addSubscription(new EmailSubscription(config.alarmEmail));
    this.#alarmWhenUndelivered();
    new CfnOutput(this, 'BusName', { value: this.bus.eventBusName });
  }

  /**
   * One statement for all rules. SQS takes at most 10 conditions, 20 statements and 8,192 bytes in a policy (SQS Developer Guide, Policy
   * quotas). CloudFormation names rules after their stack, and those of our bus have the bus before their name.
   */
  #letRulesSend(stage: string): void {
    const { partition, region, account } = Stack.of(this);
    const rules = `arn:${partition}:events:${region}:${account}:rule/tidemark-${stage}`;
    this.undelivered.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        principals: [new ServicePrincipal('events.amazonaws.com')],
        resources: [this.undelivered.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': [`${rules}-*`, `${rules}/*`] } },
      }),
    );
  }

  #alarmWhenUndelivered(): void {
    new Alarm(this, 'UndeliveredAlarm', {
      alarmDescription: 'An event could not be delivered to its workflow. See docs/runbook.md.',
      metric: this.undelivered.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'max',
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.alarmTopic));
  }
}
