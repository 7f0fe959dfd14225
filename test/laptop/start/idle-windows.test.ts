import { expect, it } from 'vitest';
import { IdleWindows } from '../../../laptop/start/idle-windows.ts';
import type { RecordedEvent } from '../../../laptop/start/registry-view.client.ts';

const window = (rows: number, model = 'churn') =>
  ({ type: 'window.monitored', detail: { model, rows } }) as RecordedEvent;
const other = { type: 'dataset.committed', detail: { model: 'churn' } } as RecordedEvent;

it('a window without predictions is told once, until somebody asks the model', () => {
  const idle = new IdleWindows();
  const events = [window(0), window(0), other, window(0), window(0, 'late'), window(7), window(0), window(0)];

  const repeated = events.map((event) => idle.isRepeated(event));

  expect(repeated).toEqual([false, true, false, true, false, false, false, true]);
});
