import type { Episode } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { judgeWindow } from '../../functions/monitor/judge-window.ts';
import type { WindowReport } from '../../functions/monitor/report.schema.ts';
import { decideOutcome, type OutcomeFacts } from '../../functions/monitor/window-outcome.ts';
import { windowToJudge } from './judged-windows.ts';

const now = new Date('2026-03-01T14:05:00.000Z');
const judged = judgeWindow(windowToJudge(), now);
const stable: WindowReport = { ...judged, quality: { ...judged.quality, verdict: 'healthy', isClear: true } };
const { version, windowId } = stable;
const drifted: WindowReport = {
  ...stable,
  drift: {
    ...stable.drift,
    verdict: 'drift',
    isClear: false,
    columns: stable.drift.columns.map((column, index) =>
      index === 0 ? { ...column, verdict: 'drift' as const } : column,
    ),
  },
};
const degraded: WindowReport = {
  ...stable,
  quality: { ...stable.quality, verdict: 'degraded', isClear: false },
};
const insufficient: WindowReport = {
  ...stable,
  drift: { ...stable.drift, verdict: 'insufficient-data', isClear: false },
  quality: { ...stable.quality, verdict: 'insufficient-data', isClear: false },
};

const noMarks = { drift: [], quality: [] };
const nothingOn: OutcomeFacts = {
  monitor: { drift: null, quality: null, judged: noMarks },
  alarm: { windows: 2, outOf: 3 },
  liveVersion: version,
  isAnswered: { drift: false, quality: false },
  // Longer than any episode below has lasted.
  alarmDueMilliseconds: 7 * 86_400_000,
};
const episode = (kind: string, more: Partial<Episode> = {}): Episode => ({
  episodeId: `${kind}-${version}-20260228T140000Z`,
  version,
  since: '2026-02-28T14:00:00.000Z',
  windowId: '20260228T140000Z',
  alarmedAt: null,
  retrainingId: null,
  ...more,
});
const decide = (report: WindowReport, facts: OutcomeFacts = nothingOn) =>
  decideOutcome(report, facts, { causeId: 'arn:one', reportKey: 'report.json' }, now);
const types = (report: WindowReport, facts?: OutcomeFacts) =>
  decide(report, facts).events.map(({ type }) => type);
const alarmed = { alarmedAt: '2026-02-28T16:00:00.000Z' };

describe('what is announced', () => {
  it('names the columns that drift, the worst first, and not so many that a state machine cannot pass them on', () => {
    const [column] = drifted.drift.columns;
    const names = Array.from({ length: 2000 }, (_, index) => `${'x'.repeat(123)}-${index}`);
    const wide: WindowReport = {
      ...drifted,
      drift: {
        ...drifted.drift,
        columns: names.flatMap((name) => (column ? [{ ...column, name, verdict: 'drift' as const }] : [])),
      },
      ranking: names.toReversed(),
    };

    const { events } = decide(wide);

    expect(events.find(({ type }) => type === 'drift.detected')?.detail).toMatchObject({
      features: expect.arrayContaining([names.at(-1)]),
    });
    expect(JSON.stringify(events).length).toBeLessThan(64 * 1024);
  });

  it.each<[string, WindowReport, OutcomeFacts, string[]]>([
    ['of a stable window', stable, nothingOn, []],
    ['of an insufficient one', insufficient, nothingOn, []],
    ['when drift begins', drifted, nothingOn, ['drift.detected']],
    ['when quality is lost', degraded, nothingOn, ['quality.degraded']],
    [
      'when drift goes on that has not sounded its alarm',
      drifted,
      { ...nothingOn, monitor: { drift: episode('drift'), quality: null, judged: noMarks } },
      [],
    ],
    [
      'when drift goes on that nobody answers',
      drifted,
      { ...nothingOn, monitor: { drift: episode('drift', alarmed), quality: null, judged: noMarks } },
      ['drift.continued'],
    ],
    [
      'when a loss of quality goes on that nobody answers',
      degraded,
      { ...nothingOn, monitor: { drift: null, quality: episode('quality', alarmed), judged: noMarks } },
      ['quality.continued'],
    ],
    [
      'when both are over',
      stable,
      { ...nothingOn, monitor: { drift: episode('drift'), quality: episode('quality'), judged: noMarks } },
      ['drift.cleared', 'quality.recovered'],
    ],
    [
      'when drift of a former version is on, and the live one drifts too',
      drifted,
      {
        ...nothingOn,
        monitor: { drift: episode('drift', { version: version + 1 }), quality: null, judged: noMarks },
      },
      ['drift.superseded', 'drift.detected'],
    ],
    [
      'when the version is no longer live',
      drifted,
      {
        ...nothingOn,
        liveVersion: version + 1,
        monitor: { drift: episode('drift'), quality: null, judged: noMarks },
      },
      ['drift.superseded'],
    ],
  ])('%s', (_, report, facts, expected) => {
    expect(types(report, facts)).toEqual(['window.monitored', ...expected]);
  });

  it('does not call it a recovery when another version is live, whichever is the better', () => {
    const on = { drift: null, quality: episode('quality', { version: version + 1 }), judged: noMarks };
    const [, event] = decide(stable, { ...nothingOn, monitor: on }).events;

    expect(event).toMatchObject({
      type: 'quality.superseded',
      detail: { message: expect.stringMatching(/this does not say whether it does better\.$/) },
    });
  });

  it('says which labels were too large to be taken, and what to do', () => {
    const refused = Array.from({ length: 7 }, (_, index) => ({
      key: `labels/flight-delay/${index}.csv`,
      versionId: 'v1',
      code: 'too-large',
      why: 'it has more than 1000 bytes, unpacked',
      lines: [],
      count: null,
    }));
    const counts = { ...stable.counts, refusedLabels: refused };

    const [, event] = decide({ ...stable, counts }).events;

    expect(event).toMatchObject({
      type: 'labels.refused',
      detail: {
        files: refused.map(({ key }) => key),
        message: expect.stringMatching(
          /Labels were not taken: labels\/flight-delay\/0\.csv \(it has more than 1000 bytes, unpacked\), .* and 2 more\. Put them again, in smaller files\.$/,
        ),
      },
    });
  });

  it('names what has drifted, the episode and the report', () => {
    const [, detected] = decide(drifted).events;

    expect(detected?.detail).toMatchObject({
      version,
      windowId,
      reportKey: 'report.json',
      causeId: 'arn:one',
      episodeId: `drift-${version}-${windowId}`,
      features: [drifted.drift.columns[0]?.name],
    });
  });

  it('says whether an episode ended by itself or with its version', () => {
    const on = { drift: episode('drift'), quality: null, judged: noMarks };

    expect(decide(stable, { ...nothingOn, monitor: on }).events[1]?.detail.message).toMatch(/is over\.$/);
    expect(
      decide(stable, { ...nothingOn, monitor: on, liveVersion: null }).events.map(
        ({ detail }) => detail.message,
      ),
    ).toEqual([
      expect.stringMatching(/is no longer live, so no alarm is raised\.$/),
      expect.stringMatching(/is no longer tracked: that version is not live any more\. No version is\.$/),
    ]);
  });
});

describe('what is published', () => {
  const unjudged = {
    drift: null,
    qualityDegraded: null,
    driftAlarm: null,
    qualityAlarm: null,
    driftedColumns: null,
    windowRows: null,
  };
  const rows = stable.counts.rows;

  it.each<[string, WindowReport, OutcomeFacts, object]>([
    [
      'of drift',
      drifted,
      nothingOn,
      {
        ...unjudged,
        drift: 1,
        qualityDegraded: 0,
        driftAlarm: 0,
        qualityAlarm: 0,
        driftedColumns: 1,
        windowRows: rows,
      },
    ],
    [
      'of a window that says nothing',
      insufficient,
      { ...nothingOn, monitor: { drift: episode('drift'), quality: null, judged: noMarks } },
      { ...unjudged, windowRows: rows },
    ],
    ['of a version that is no longer live', drifted, { ...nothingOn, liveVersion: null }, unjudged],
  ])('%s', (_, report, facts, measures) => {
    expect(decide(report, facts).measures).toEqual(measures);
  });
});
