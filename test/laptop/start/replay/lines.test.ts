import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../../functions/train/evaluation.schema.ts';
import { render } from '../../../../laptop/progress/line.ts';
import type { RecordedEvent } from '../../../../laptop/start/registry-view.client.ts';
import { closingLines } from '../../../../laptop/start/replay/closing-lines.ts';
import type { ReplayedWindow } from '../../../../laptop/start/replay/replayed-window.schema.ts';
import { askingLine, windowHeading, windowLine } from '../../../../laptop/start/replay/window-lines.ts';

const window: ReplayedWindow = {
  name: 'week-8',
  what: 'flights from the west',
  asked: 8280,
  windowId: '20260302T000000Z',
  rows: 8279,
  verdict: 'drift',
  headline: 'Something has moved.',
  columns: ['origin', 'destination', 'distance', 'date.hour', 'prediction'].map((name, index) => ({
    name,
    distance: 1 / (index + 1),
    drifts: true,
  })),
  quality: { verdict: 'degraded', basis: 'estimated', metric: 'auc', value: 0.612_34 },
  alarms: { drift: 'OK', quality: 'ALARM' },
  report: 'reports/flight-delay-20260302T000000Z.html',
};

const text = (line: Parameters<typeof render>[0]) => render(line, { colour: false });

describe('a window', () => {
  it('is announced with what is asked', () => {
    expect(text(windowHeading(2, window, 8280))).toBe('  Window 2  8,280 predictions: flights from the west');
  });

  it('shows how far the asking has come', () => {
    expect(text(askingLine(3000, 8280))).toContain('3,000 of 8,280');
  });

  it('is one line of rows, verdict, what moved and how far, quality and alarms', () => {
    expect(text(windowLine(window))).toBe(
      '  ◆ drift   8,279 judged; moved: origin 1.00, destination 0.50, distance 0.33, date.hour 0.25, 1 more; auc 0.6123 estimated, degraded; alarms: drift OK, quality ALARM',
    );
  });

  it('names what came closest when nothing moved', () => {
    const columns = [{ name: 'distance', distance: 0.021, drifts: false }];

    expect(text(windowLine({ ...window, verdict: 'stable', columns }))).toContain(
      'nothing moved (farthest: distance 0.02)',
    );
  });

  it('says that quality is not known rather than nothing', () => {
    const quality = { verdict: 'insufficient-data', basis: 'nothing', metric: 'auc', value: null } as const;

    expect(text(windowLine({ ...window, quality }))).toContain('quality not known');
  });
});

// Only the members that are shown.
const evaluation = {
  rows: 87_593,
  metrics: { auc: { value: 0.6825, low: 0.678, high: 0.687 } },
  comparison: {
    version: 1,
    metric: 'auc',
    metrics: { auc: { value: 0.6673, low: 0.6628, high: 0.6719 } },
    improvement: { value: 0.0152, atLeast: 0.0134, standardError: 0.001, confidence: 0.95 },
  },
} as unknown as Evaluation;

const suppressed = {
  type: 'retraining.suppressed',
  detail: { message: 'There are too few rows.' },
} as RecordedEvent;

describe('closingLines', () => {
  it('compares both versions on the same rows, and says what was held back and where the reports are', () => {
    const conclusion = { kind: 'closed', message: 'Version 2 is live.' } as const;

    const all = closingLines({
      conclusion,
      windows: [window],
      events: [suppressed],
      evaluation,
      stateDirectory: '.tidemark',
    }).map(text);

    expect(all.join('\n')).toContain('87,593 rows that neither version has learnt from');
    expect(all.join('\n')).toContain('Version 1    auc 0.6673 (0.6628 to 0.6719)');
    expect(all.join('\n')).toContain('New version  auc 0.6825 (0.6780 to 0.6870)');
    expect(all.join('\n')).toContain('+0.0152 by a paired test; the 90 % interval is +0.0134 to +0.0170');
    expect(all.join('\n')).toContain('Held back    There are too few rows.');
    expect(all.join('\n')).toContain('.tidemark/reports/flight-delay-20260302T000000Z.html');
    expect(all.join('\n')).toContain('The loop is closed. Version 2 is live.');
  });

  it('promises nothing where there is no new version', () => {
    const conclusion = { kind: 'no-alarm', message: 'No alarm has gone off.' } as const;

    const all = closingLines({
      conclusion,
      windows: [window],
      events: [],
      evaluation: undefined,
      stateDirectory: '.tidemark',
    }).map(text);

    expect(all.join('\n')).not.toContain('New version');
    expect(all.join('\n')).toContain('The traffic gave no reason for a new version. No alarm has gone off.');
  });
});
