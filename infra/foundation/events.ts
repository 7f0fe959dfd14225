import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';

/** The domain bus, the queue of what could not be delivered, and the topic that tells people. */
export class Events extends Construct {
  readonly bus: EventBus;
  /** Events whose target could not be reached in a day. Nothing is ever lost in silence: its depth is alarmed. */
  readonly undelivered: Queue;
  readonly alarmTopic: Topic;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: `tidemark-${config.stage}` });
    this.undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
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
