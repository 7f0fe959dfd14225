import type { ScheduledInvocation } from './schedule.schema.ts';

/**
 * What a target gets: the schedule's input with AWS's context attributes filled in, as text; an empty object when there is none. An
 * attribute that AWS does not have stays as it is.
 */
export function scheduledTargetInput({
  id,
  scheduleArn,
  target,
  scheduledAt,
  failedAttempts,
}: ScheduledInvocation): string {
  const attributes: Readonly<Record<string, string>> = {
    'schedule-arn': scheduleArn,
    'scheduled-time': scheduledTime(scheduledAt),
    'execution-id': id,
    'attempt-number': String(failedAttempts + 1),
  };
  return (target.Input ?? '{}').replace(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (whole, name: string) => attributes[name] ?? whole,
  );
}

/** ISO 8601 in whole seconds, UTC. */
export function scheduledTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
