import type { Delivery } from './delivery.schema.ts';
import type { DeliveryFailure, DeliveryStep } from './delivery-retry.ts';

/** A message for a dead-letter queue: the event as it was, and why it got here. */
export interface DeadLetter {
  readonly queueArn: string;
  /** Who sends it: EventBridge for a rule, or Scheduler as the schedule's role. */
  readonly sender:
    | { readonly kind: 'rule'; readonly ruleArn: string }
    | { readonly kind: 'role'; readonly arn: string };
  /** The event, as JSON. */
  readonly body: string;
  /** All of type String. */
  readonly attributes: Readonly<Record<string, string>>;
}

export function deadLetterOf(
  { event, ruleArn, target, failedAttempts }: Delivery,
  queueArn: string,
  failure: DeliveryFailure,
  { exhausted }: Extract<DeliveryStep, { kind: 'give-up' }>,
): DeadLetter {
  return {
    queueArn,
    sender: { kind: 'rule', ruleArn },
    body: JSON.stringify(event),
    attributes: {
      RULE_ARN: ruleArn,
      TARGET_ARN: target.Arn,
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      RETRY_ATTEMPTS: String(Math.max(failedAttempts - 1, 0)),
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    },
  };
}
