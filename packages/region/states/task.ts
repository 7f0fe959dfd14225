import { siteOf } from './bindings.ts';
import { attemptKey, type Exit, type Visit } from './execution-run.ts';
import { taskEvent } from './history.ts';
import type { Checkpoint } from './journal.schema.ts';
import { leave, nextOf } from './leave.ts';
import type { Json, TaskState } from './machine-definition.schema.ts';
import { withinPayloadLimit } from './payload-limit.ts';
import { withRecovery } from './recovery.ts';
import { StateError } from './state-error.ts';
import { TaskAttempt } from './task-attempt.ts';
import type { Resource } from './tasks/integration.ts';
import { parseResource } from './tasks/resource.ts';
import { evaluateTemplate, evaluateWhole } from './template.ts';

/** Calls a service, waits for what its pattern waits for, and goes on with the result. */
export const runTask = (state: TaskState, visit: Visit): Promise<Exit> =>
  withRecovery(state, visit, (attempt) => attemptTask(state, attempt));

async function attemptTask(state: TaskState, visit: Visit): Promise<Exit> {
  const result = settledEarlier(visit) ?? (await performTask(state, visit));
  return leave(state, visit, siteOf(visit, { result }), result, nextOf(state));
}

/** What this attempt came to in an earlier run of the region, if it came to anything. */
function settledEarlier(visit: Visit): Json | undefined {
  const { journal } = visit.run;
  const { cursor } = visit.frame;
  const failed = journal.find('failed', attemptKey(visit), cursor);
  if (failed) throw new StateError(failed.errorName, failed.cause, failed.aliases);
  return journal.find('succeeded', attemptKey(visit), cursor)?.result;
}

async function performTask(state: TaskState, visit: Visit): Promise<Json> {
  const resource = parseResource(state.Resource);
  const integration = visit.run.integrationFor(resource);
  const earlier = visit.run.journal.find('scheduled', attemptKey(visit), visit.frame.cursor);
  const scheduled = earlier ?? (await schedule(state, visit, resource));
  return new TaskAttempt(visit, resource, integration, scheduled, earlier !== undefined).result();
}

/** Evaluates what the call needs and records that it is about to be made. */
async function schedule(
  state: TaskState,
  visit: Visit,
  resource: Resource,
): Promise<Extract<Checkpoint, { kind: 'scheduled' }>> {
  const { run, frame } = visit;
  const token = resource.pattern === 'waitForTaskToken' ? { token: run.tokens.issue() } : {};
  const site = siteOf({ ...visit, ...token });
  const seconds = (field: 'TimeoutSeconds' | 'HeartbeatSeconds') => {
    const template = state[field];
    return template === undefined ? undefined : evaluateWhole(template, field, site, 1);
  };
  const timeoutSeconds = await seconds('TimeoutSeconds');
  const heartbeatSeconds = await seconds('HeartbeatSeconds');
  const given = await evaluateTemplate(state.Arguments ?? {}, 'Arguments', site);
  return run.journal.record(
    attemptKey(visit),
    {
      kind: 'scheduled',
      at: run.clock.now(),
      arguments: withinPayloadLimit(given, visit.name),
      ...token,
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    },
    frame.cursor,
    [
      taskEvent('Scheduled', resource, {
        region: run.region,
        parameters: JSON.stringify(given),
        ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
        ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
      }),
      taskEvent('Started', resource),
    ],
  );
}
