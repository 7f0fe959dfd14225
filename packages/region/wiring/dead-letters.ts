import type { Roles } from '../gateway/roles.ts';
import { AccessDeniedError } from '../iam/denial.ts';
import type { DeadLetter } from '../services/events/dead-letter.ts';
import { sendingKeyUse } from '../services/sqs/permissions.ts';
import type { SqsService } from '../services/sqs/sqs-service.ts';

type SendDeadLetter = SqsService['sendDeadLetter'];

/**
 * How what could not be delivered reaches its dead-letter queue: EventBridge sends it on its own account, by the queue's policy, Scheduler
 * as the schedule's role. What neither may send is lost, as in AWS; here it is told.
 */
export function deadLettersTo(sqs: Pick<SqsService, 'sendDeadLetter'>, roles: Roles): SendDeadLetter {
  return async (letter) => {
    try {
      demandOf(letter, roles);
    } catch (error) {
      if (error instanceof AccessDeniedError) return;
      throw error;
    }
    await sqs.sendDeadLetter(letter);
  };
}

function demandOf({ queueArn, sender }: DeadLetter, roles: Roles): void {
  const request = { action: 'sqs:SendMessage', resource: queueArn, keyUse: sendingKeyUse };
  if (sender.kind === 'role') roles.demand(sender.arn, [request]);
  else roles.demandOfService('events.amazonaws.com', sender.ruleArn, request);
}
