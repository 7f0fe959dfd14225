import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';

interface EventsProps {
  readonly config: Config;
  readonly undelivered: IQueue;
  readonly alarmTopic: ITopic;
}

/** The domain bus, and the alarm on what could not be delivered: nothing is ever lost in silence. */
export class Events extends Construct {
  readonly bus: EventBus;
  /** The queue of undelivered events for the targets of rules, which all may use it already: CDK would make each a statement of its own. */
  readonly deadLetterQueue: IQueue;
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, { config, undelivered, alarmTopic }: EventsProps) {
    super(scope, id);
    this.alarmTopic = alarmTopic;
    this.bus = new EventBus(this, 'Bus', { eventBusName: `tidemark-${config.stage}` });
    this.deadLetterQueue = Queue.fromQueueArn(this, 'DeadLetterQueue', undelivered.queueArn);
    this.#alarmWhenUndelivered(undelivered);
    new CfnOutput(this, 'BusName', { value: this.bus.eventBusName });
  }

  #alarmWhenUndelivered(undelivered: IQueue): void {
    new Alarm(this, 'UndeliveredAlarm', {
      alarmDescription: 'An event could not be delivered to its workflow. See docs/runbook.md.',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({
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
