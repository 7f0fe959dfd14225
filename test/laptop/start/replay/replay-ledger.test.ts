import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReplayLedger } from '../../../../laptop/start/replay/replay-ledger.ts';
import type { ReplayedWindow } from '../../../../laptop/start/replay/replayed-window.schema.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-ledger-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const window = (name: string): ReplayedWindow => ({
  name,
  what: 'flights',
  asked: 100,
  windowId: '20260302T000000Z',
  rows: 100,
  verdict: 'stable',
  headline: 'Nothing has moved.',
  columns: [],
  quality: { verdict: 'healthy', basis: 'measured', metric: 'auc', value: 0.6 },
  alarms: { drift: 'OK', quality: 'OK' },
  report: 'report.html',
});

describe('ReplayLedger', () => {
  it('knows after a restart which windows were replayed, in their order', () => {
    const file = join(directory, 'replay.json');
    const ledger = new ReplayLedger(file);
    ledger.judged(window('week-7'));
    ledger.judged(window('week-8'));

    const later = new ReplayLedger(file);

    expect(later.windows).toEqual([window('week-7'), window('week-8')]);
    expect(later.has('week-8')).toBe(true);
    expect(later.has('week-9')).toBe(false);
  });

  it('knows which window waits to be judged, until it is', () => {
    const file = join(directory, 'replay.json');
    const ledger = new ReplayLedger(file);
    ledger.asked('week-7');

    const later = new ReplayLedger(file);
    const wasAsked = [later.isAsked('week-7'), later.isAsked('week-8')];
    later.judged(window('week-7'));

    expect(wasAsked).toEqual([true, false]);
    expect(later.isAsked('week-7')).toBe(false);
    expect(new ReplayLedger(file).isAsked('week-7')).toBe(false);
  });

  it('knows nothing at first', () => {
    expect(new ReplayLedger(join(directory, 'replay.json')).windows).toEqual([]);
  });

  it('refuses a ledger that is none', () => {
    const file = join(directory, 'replay.json');
    writeFileSync(file, '{ "asked": 7 }');

    expect(() => new ReplayLedger(file)).toThrow();
  });
});
