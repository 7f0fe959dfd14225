import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';
import { ruleArns } from './arns.ts';

/**
 * Events whose target could not be reached in a day, and starts that Scheduler gave up. Schedules of models name it and outlive the
 * workflows' stack, so it does too, under a name that stays; and what waits in it is not lost with that stack.
 */
export class UndeliveredQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: `tidemark-${config.stage}-undelivered`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.#letRulesSend(config.stage);
  }

  /**
   * One statement for all rules. SQS takes at most 10 conditions, 20 statements and 8,192 bytes in a policy (SQS Developer Guide, Policy
   * quotas).
   */
  #letRulesSend(stage: string): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        principals: [new ServicePrincipal('events.amazonaws.com')],
        resources: [this.queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': ruleArns(this, stage) } },
      }),
    );
  }
}
