import type { Roles } from '../gateway/roles.ts';
import { AccessDeniedError } from '../iam/denial.ts';

const cloudWatch = 'cloudwatch.amazonaws.com';

/**
 * Asks the topics of an alarm's actions whether CloudWatch may publish to them. Nothing is published here; in AWS, what a topic's
 * policy does not allow is lost without a word, so that the refusal is worth telling.
 */
export function mayPublish(roles: Roles, alarmArn: string, actions: readonly string[]): void {
  for (const topic of actions.filter((action) => action.startsWith('arn:aws:sns:'))) {
    try {
      roles.demandOfService(cloudWatch, alarmArn, {
        action: 'sns:Publish',
        resource: topic,
        keyUse: ['kms:GenerateDataKey', 'kms:Decrypt'],
      });
    } catch (error) {
      if (!(error instanceof AccessDeniedError)) throw error;
    }
  }
}
