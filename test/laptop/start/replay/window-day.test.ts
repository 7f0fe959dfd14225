import { describe, expect, it } from 'vitest';
import type { ExecutionView } from '../../../../laptop/progress/executions.client.ts';
import type { RegionLook } from '../../../../laptop/start/region-watch.ts';
import type { RecordedEvent } from '../../../../laptop/start/registry-view.client.ts';
import { TimeLapse } from '../../../../laptop/start/replay/time-lapse.ts';
import { WindowDay } from '../../../../laptop/start/replay/window-day.ts';

// Only the members that are looked at.
const execution = (arn: string, status: ExecutionView['status'], capability = 'monitor') =>
  ({ arn, capability, status }) as ExecutionView;
const event = (type: RecordedEvent['type'], detail: object) => ({ type, detail }) as unknown as RecordedEvent;
const look = (executions: ExecutionView[], events: RecordedEvent[] = []): RegionLook => ({
  executions,
  events,
  isRunning: true,
  isAtRest: false,
});

const before = execution('before', 'SUCCEEDED');

/** Passes a day in which these looks are seen. @returns how it ended, and how fast time passed at each look */
async function pass(looks: readonly RegionLook[]) {
  let speed = 60;
  const clock = {
    now: () => 0,
    get speed() {
      return speed;
    },
    setSpeed: (next: number) => {
      speed = next;
    },
  };
  const speeds: number[] = [];
  const watch = {
    executions: [before],
    async *looks() {
      for (const each of looks) {
        speeds.push(speed);
        yield each;
      }
      throw new Error('Nobody looks any longer.');
    },
  };
  const day = new WindowDay(watch, new TimeLapse(clock), new AbortController().signal);
  return { end: await day.pass(), speeds };
}

describe('WindowDay', () => {
  it('passes time quickly until the monitor begins, and ends when it is done', async () => {
    const { end, speeds } = await pass([
      look([before, execution('other', 'RUNNING', 'ingest')]),
      look([before, execution('new', 'RUNNING')]),
      look([before, execution('new', 'RUNNING')], [event('window.monitored', { windowId: 'w1' })]),
      look([before, execution('new', 'SUCCEEDED')]),
    ]);

    expect(end).toMatchObject({ windowId: 'w1' });
    expect(speeds.map((speed) => speed > 60)).toEqual([true, true, false, false]);
  });

  it('says in the product’s own words why there is no verdict', async () => {
    const message = 'The window was not looked at: no version is live.';

    const { end } = await pass([
      look([before, execution('new', 'SUCCEEDED')], [event('monitoring.skipped', { message })]),
    ]);

    expect(end).toEqual({ failure: message });
  });
});
