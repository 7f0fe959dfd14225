import { expect, it } from 'vitest';
import { judgeWindow } from '../../functions/monitor/judge-window.ts';
import { pastWindowSchema } from '../../functions/monitor/report.schema.ts';
import { historyAfter } from '../../functions/monitor/window-history.ts';
import { windowToJudge } from './judged-windows.ts';

const report = judgeWindow(windowToJudge(), new Date('2026-03-01T14:05:00Z'));

it('begins with the first report', () => {
  expect(historyAfter(null)).toEqual([]);
  const [past] = historyAfter(report);

  expect(pastWindowSchema.parse(past)).toEqual(past);
  expect(past).toMatchObject({
    windowId: report.windowId,
    version: 1,
    rows: 1000,
    verdict: 'stable',
    drifting: 0,
    predictionDistance: 0,
    quality: report.quality.verdict,
    measured: null,
    estimated: report.quality.estimated,
  });
});

it('is a week of hours at most, the oldest forgotten first', () => {
  let history = historyAfter(null);
  for (let hour = 0; hour < 200; hour += 1)
    history = historyAfter({ ...report, windowId: `w${hour}`, history });

  expect(history).toHaveLength(168);
  expect(history[0]?.windowId).toBe('w32');
  expect(history.at(-1)?.windowId).toBe('w199');
});
