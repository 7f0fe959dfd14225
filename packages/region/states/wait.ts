import { siteOf } from './bindings.ts';
import type { Exit, Visit } from './execution-run.ts';
import { leave, nextOf } from './leave.ts';
import type { WaitState } from './machine-definition.schema.ts';
import { evaluateString, evaluateWhole, queryError, type Site } from './template.ts';
import { momentOfTimestamp } from './timestamp.ts';

/** Waits, at the clock's speed, until a moment that is fixed at the first entry and survives a restart. */
export async function runWait(state: WaitState, visit: Visit): Promise<Exit> {
  const { run, frame, key } = visit;
  const site = siteOf(visit);
  const { until } =
    run.journal.find('waiting', key, frame.cursor) ??
    run.journal.record(
      key,
      {
        kind: 'waiting',
        until: run.clock.now() + run.clock.waitMilliseconds(await waitSeconds(state, visit, site)),
      },
      frame.cursor,
    );
  await run.clock.until(until, frame.signal);
  return leave(state, visit, site, visit.input, nextOf(state));
}

async function waitSeconds(state: WaitState, visit: Visit, site: Site): Promise<number> {
  if (state.Seconds !== undefined) return evaluateWhole(state.Seconds, 'Seconds', site, 0);
  const timestamp = await evaluateString(state.Timestamp ?? null, 'Timestamp', site);
  const moment = momentOfTimestamp(timestamp);
  if (moment === undefined) {
    const cause = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${timestamp}`;
    throw queryError(site, 'Timestamp', cause);
  }
  return Math.max(0, (moment - visit.run.clock.now()) / 1000);
}
