import { z } from 'zod';
import type { EventSink } from '../gateway/service.ts';

/** An alarm has changed its state: what its topic's subscribers would be told. */
export interface AlarmChange {
  readonly kind: 'alarm';
  readonly alarmName: string;
  readonly state: string;
  readonly reason: string;
}

const stateChangeSchema = z.object({
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  detail: z.object({ alarmName: z.string(), state: z.object({ value: z.string(), reason: z.string() }) }),
});

/** The sink, with every change of an alarm's state told to the person at the laptop: nobody is sent an e-mail here. */
export function tellingAlarms(sink: EventSink, tell: (change: AlarmChange) => void): EventSink {
  return {
    async emit(event) {
      await sink.emit(event);
      const change = stateChangeSchema.safeParse(event).data;
      if (!change) return;
      const { alarmName, state } = change.detail;
      tell({ kind: 'alarm', alarmName, state: state.value, reason: state.reason });
    },
  };
}
