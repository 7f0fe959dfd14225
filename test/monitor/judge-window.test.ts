import type { WindowPlan } from '@tidemark/domain/windows/baseline.schema.ts';
import { mergeWindowFacts } from '@tidemark/domain/windows/merge-window-facts.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { describe, expect, it } from 'vitest';
import { judgeWindow } from '../../functions/monitor/judge-window.ts';
import { windowReportSchema } from '../../functions/monitor/report.schema.ts';
import { windowEvents } from '../../functions/monitor/window-events.ts';
import { encoding, type Flight, rowOf, usualPlan } from '../domain/windows/rows.ts';
import { baselineOf, factsOf, usualFlight, windowToJudge } from './judged-windows.ts';

const now = new Date('2026-03-01T14:05:00Z');
const judge = (more: Parameters<typeof windowToJudge>[0] = {}) => judgeWindow(windowToJudge(more), now);

/** Flights of WN go twice as far, and the model is surer of everything. */
const moved = (flight: Flight): Flight => ({
  ...flight,
  distance: flight.carrier === 'WN' ? (flight.distance ?? 0) * 2 : flight.distance,
  score: flight.score ** 3,
});

/** A window whose flights have landed; right as often as the score says, or only half of what it says about being late. */
function labelled(rows: number, windowId: string, isRight: (score: number, id: number) => boolean) {
  const counter = new WindowCounter(usualPlan, encoding);
  for (let id = 0; id < rows; id += 1) {
    const flight = usualFlight(id);
    const row = rowOf(flight, id);
    counter.add(row);
    counter.addLabelled(row, isRight(flight.score, id) ? 1 : 0, windowId);
  }
  return counter.facts();
}

/** Whether a flight is late that is late with this probability: evenly spread over the flights. */
const asScored = (score: number, id: number) => ((id * 61) % 97) / 97 < score;
const atRandom = (_: number, id: number) => ((id * 61) % 97) / 97 < 0.5;

describe('a window like the hold-out', () => {
  const report = judge();

  it('is stable, and the report says so', () => {
    expect(windowReportSchema.parse(report)).toEqual(report);
    expect(report.drift).toMatchObject({ verdict: 'stable', isClear: true });
    expect(report.headline).toBe('None of 3 columns drifts in 1,000 rows.');
    expect(report.findings[0]).toMatch(
      /^Nothing has moved against the hold-out that the version was judged on/,
    );
    expect(report.attributions).toEqual([]);
    expect(report.notes.join(' ')).not.toMatch(/capture|label/);
  });

  it('has everything that the verdict follows from', () => {
    const { evidence, drift, quality, reference } = report;

    expect(evidence).toEqual(windowToJudge().evidence);
    expect(drift.policy).toMatchObject({
      minimumDistance: 0.1,
      minimumRows: 200,
      procedure: 'benjamini-hochberg',
    });
    // Once a year of days, half of it for drift.
    expect(drift.policy.alpha).toBeCloseTo(1 / 365.25 / 2, 9);
    expect(quality.policy).toMatchObject({ maximumDrop: 0.1, minimumLabels: 200, minimumRows: 200 });
    expect(drift.policy.seed).toBe(quality.policy.seed);
    expect(reference).toMatchObject({ kind: 'baseline', note: null });
  });

  it('is judged alike each time, and by other draws in another window', () => {
    expect(judge()).toEqual(report);
    expect(judge({ windowId: '20260301T150000Z' }).drift.policy.seed).not.toBe(report.drift.policy.seed);
  });
});

describe('a column that the definition excludes from monitoring', () => {
  const { definition } = windowToJudge();
  const excluding = (exclude: string[]) => ({
    ...definition,
    monitoring: { ...definition.monitoring, exclude },
  });

  it('does not drift, and the report says so', () => {
    const report = judge({ window: factsOf(1000, moved), definition: excluding(['distance']) });

    expect(windowReportSchema.parse(report)).toEqual(report);
    expect(report.excluded).toEqual(['distance']);
    expect(report.drift.columns.map(({ name }) => name)).toEqual(['origin', 'prediction']);
    expect(report.notes).toContainEqual(
      expect.stringMatching(/^distance: not judged, because the definition excludes/),
    );
  });

  it('is never the prediction', () => {
    expect(judge({ definition: excluding(['prediction']) }).excluded).toEqual([]);
  });
});

describe('a column that the model does not use and that has changed', () => {
  const baseline = baselineOf();
  const plan: WindowPlan = {
    ...usualPlan,
    unused: [{ column: 'transfer', type: 'number', was: 'constant', only: '0.4149', presentShare: 1 }],
  };
  const counter = new WindowCounter(plan, encoding);
  for (let id = 0; id < 400; id += 1) {
    const row = rowOf(usualFlight(id), id);
    counter.add({ ...row, record: { ...row.record, transfer: id / 400 } });
  }
  const report = judge({ baseline: { ...baseline, plan }, window: counter.facts() });

  it('is a finding with the value, and in the headline without', () => {
    expect(windowReportSchema.parse(report)).toEqual(report);
    expect(report.findings).toContainEqual(
      expect.stringMatching(
        /^`transfer` was constant \(`0\.4149`\) in training and varies now: 400 of 400 records/,
      ),
    );
    expect(report.headline).toMatch(
      /1 column that the model does not use has changed since training: transfer\.$/,
    );
    expect(report.drift.verdict).toBe('stable');
  });

  it('is announced without the value, with the proposal to train', () => {
    const events = windowEvents(
      {
        report,
        reportKey: 'report.json',
        causeId: 'cause',
        liveVersion: 1,
        now,
        alarms: { drift: '', quality: '' },
      },
      { episode: null, begun: false, ended: null, isUnanswered: false },
      { episode: null, begun: false, ended: null, isUnanswered: false },
    );

    expect(events[0]?.detail).toMatchObject({
      changedColumns: {
        named: [{ column: 'transfer', code: 'constant-varies', rows: 400, of: 400 }],
        more: 0,
      },
      message: expect.stringContaining('A training of the newest data'),
    });
    expect(JSON.stringify(events)).not.toContain('0.4149');
  });
});

describe('a window that has moved', () => {
  const report = judge({ window: factsOf(1000, moved) });

  it('drifts, the prediction named first', () => {
    expect(windowReportSchema.parse(report)).toEqual(report);
    expect(report.drift.verdict).toBe('drift');
    expect(report.ranking).toEqual(['prediction', 'distance', 'origin']);
    expect(report.distributions.map(({ name }) => name)).toEqual(report.ranking);
    expect(report.headline).toMatch(
      /^The predictions have moved, by a distance of 0\.\d+, and so has 1 of 2 features: distance\.$/,
    );
    expect(report.findings[0]).toMatch(/^prediction: mean .* distance 0\.\d+, adjusted p /);
  });

  it('says in which segment, and where there is none', () => {
    const ofDistance = report.attributions.filter(
      ({ name, segment }) => name === 'distance' && segment === 'carrier',
    );

    expect(ofDistance[0]).toMatchObject({ value: 'WN', share: { reference: 0.5, current: 0.5 } });
    expect(ofDistance[0]?.contribution.value).toBeCloseTo(1, 1);
    expect(report.findings).toContainEqual(
      expect.stringMatching(
        / of the movement of distance \(.*\) is in the rows with carrier = WN, which are 50 % of the rows/,
      ),
    );
    expect(report.findings).toContainEqual(
      expect.stringMatching(/^No single value of origin accounts for the movement of .*distance/),
    );
  });

  it('shows how rows lie as shares of those with a value', () => {
    for (const { bins, edges, reference, current } of report.distributions) {
      expect(bins).toHaveLength(current.length);
      if (edges) expect(edges).toHaveLength(bins.length - 1);
      for (const shares of [reference, current]) {
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }
    }
  });

  it('does not depend on how its rows were cut, nor on the order of the slices', () => {
    const sliceOf = (from: number, to: number) => {
      const counter = new WindowCounter(usualPlan, encoding, from);
      for (let id = from; id < to; id += 1) counter.add(rowOf(moved(usualFlight(id)), id));
      return counter.facts();
    };
    const slices = [sliceOf(0, 10), sliceOf(10, 600), sliceOf(600, 601), sliceOf(601, 1000)];

    for (const order of [slices, slices.toReversed()]) {
      expect(judge({ window: mergeWindowFacts(order) })).toEqual(report);
    }
  });
});

describe('the headline', () => {
  const headlineOf = (change: (flight: Flight) => Flight) =>
    judge({ window: factsOf(1000, change) }).headline;

  it.each([
    {
      title: 'the predictions alone',
      change: (flight: Flight) => ({ ...flight, score: flight.score ** 3 }),
      expected:
        /^The predictions have moved, by a distance of 0\.\d+; no feature has, by as much as matters\.$/,
    },
    {
      title: 'features alone',
      change: (flight: Flight) => ({ ...flight, distance: null, origin: 'ATL' }),
      expected: /^2 of 2 features have moved: (distance, origin|origin, distance)\. The predictions have not/,
    },
  ])('says what has moved: $title', ({ change, expected }) => {
    expect(headlineOf(change)).toMatch(expected);
  });
});

describe('a window with too few predictions', () => {
  it('is neither stable nor drift', () => {
    const report = judge({ window: factsOf(100, moved) });

    expect(report.drift).toMatchObject({ verdict: 'insufficient-data', isClear: false });
    expect(report.findings[0]).toMatch(/neither a pass nor an alarm/);
  });

  it('may be empty', () => {
    const report = judge({ window: factsOf(0) });

    expect(windowReportSchema.parse(report)).toEqual(report);
    expect(report.drift.verdict).toBe('insufficient-data');
    expect(report.quality.verdict).toBe('insufficient-data');
  });
});

describe('what is compared with', () => {
  const definition = windowToJudge().definition;
  const previous = {
    ...definition,
    monitoring: { ...definition.monitoring, compareWith: 'previous-window' as const },
  };
  const window = factsOf(1000, moved);

  it('is the previous window, where the definition asks for it: what has moved once is then no news', () => {
    const report = judge({ definition: previous, window, reference: [{ windowId: 'w0', facts: window }] });

    expect(report.reference).toMatchObject({ kind: 'previous-window', windowIds: ['w0'], rows: 1000 });
    expect(report.drift.verdict).toBe('stable');
    expect(report.findings[0]).toMatch(/^Nothing has moved against the earlier windows/);
  });

  it('is the baseline where there is no such window, and the report says so', () => {
    const report = judge({ definition: previous, window });

    expect(report.reference.kind).toBe('baseline');
    expect(report.drift.verdict).toBe('drift');
    expect(report.notes).toContain(
      'There is no previous window of this version yet, so the window is compared with the baseline.',
    );
  });
});

describe('quality', () => {
  it('is measured where labels have arrived', () => {
    const { quality, metrics } = judge({ window: labelled(1000, 'w', asScored) });

    expect(quality).toMatchObject({
      verdict: 'healthy',
      basis: 'measured',
      metric: 'auc',
      measured: { rows: 1000 },
    });
    expect(metrics?.window.auc?.value).toBe(quality.measured?.value);
    expect(Object.keys(metrics?.window ?? {})).toContain('logLoss');
  });

  it('has degraded if the labels are chance', () => {
    const { quality, headline } = judge({ window: labelled(1000, 'w', atRandom) });

    expect(quality).toMatchObject({ verdict: 'degraded', basis: 'measured', isClear: false });
    expect(headline).toMatch(/ The quality has degraded\.$/);
  });

  it('is estimated where too few labels have arrived, and says what that cannot show', () => {
    const { quality, metrics, notes } = judge();

    expect(quality).toMatchObject({ basis: 'estimated', estimated: { metric: 'auc', rows: 1000 } });
    expect(metrics).toBeNull();
    expect(notes.join(' ')).toMatch(/cannot show that the same inputs now lead to another outcome/);
  });

  it('is told by segment, and a segment that has lost it is named', () => {
    const carrierOf = (id: number) => usualFlight(id).carrier;
    const window = labelled(2000, 'w', (score, id) =>
      carrierOf(id) === 'WN' ? atRandom(score, id) : asScored(score, id),
    );
    const good = { auc: { value: 0.83, low: 0.8, high: 0.86 } };
    const baseline = baselineOf();
    const segments = [
      { column: 'carrier', values: ['AA', 'WN'].map((value) => ({ value, rows: 1200, metrics: good })) },
    ];
    const report = judge({ window, baseline: { ...baseline, quality: { ...baseline.quality, segments } } });

    expect(report.segmentQuality.filter(({ baseline: before }) => before !== null)).toMatchObject([
      { column: 'carrier', value: 'WN', labels: 1000 },
      { column: 'carrier', value: 'AA', labels: 1000 },
    ]);
    const named = report.findings.filter((finding) => finding.startsWith('With carrier'));
    expect(named).toHaveLength(1);
    expect(named[0]).toMatch(
      /^With carrier = WN the auc is 0\.\d+ .* on the hold-out it was 0\.83 \(0\.8 to 0\.86\)\.$/,
    );
  });
});

describe('an estimate', () => {
  const first = judge({ windowId: '20260228T140000Z' });
  const late = (windowId: string, rows = 1000) => labelled(rows, windowId, asScored);

  it('of an earlier window is held against the labels of that window’s predictions', () => {
    const { settledEstimates, findings } = judge({ previousReport: first, window: late('20260228T140000Z') });

    expect(settledEstimates).toMatchObject([
      {
        windowId: '20260228T140000Z',
        metric: 'auc',
        labels: 1000,
        estimated: first.quality.estimated?.value,
      },
    ]);
    const [settled] = settledEstimates;
    expect(settled?.error).toBeCloseTo((settled?.estimated ?? 0) - (settled?.measured ?? 0), 12);
    expect(findings.at(-1)).toMatch(
      /^The estimate for window 20260228T140000Z was auc 0\.\d+; 1,000 labels now say 0\.\d+/,
    );
  });

  it('is remembered over windows in between', () => {
    const second = judge({ windowId: '20260228T150000Z', previousReport: first });
    const third = judge({ previousReport: second, window: late('20260228T140000Z') });

    expect(third.history.map(({ windowId }) => windowId)).toEqual(['20260228T140000Z', '20260228T150000Z']);
    expect(third.settledEstimates.map(({ windowId }) => windowId)).toEqual(['20260228T140000Z']);
  });

  it.each([
    { title: 'with few labels', previous: first, window: late('20260228T140000Z', 199) },
    { title: 'of another version', previous: { ...first, version: 7 }, window: late('20260228T140000Z') },
    { title: 'that nobody made', previous: first, window: late('20260227T140000Z') },
  ])('$title is not settled', ({ previous, window }) => {
    expect(judge({ previousReport: previous, window }).settledEstimates).toEqual([]);
  });
});

describe('what is to be known beside the verdict', () => {
  it('is said: captures and labels that were left out, and categories that the model does not know', () => {
    const counter = new WindowCounter(usualPlan, encoding);
    for (let id = 0; id < 500; id += 1) {
      const flight = usualFlight(id);
      counter.add(rowOf(id % 50 === 0 ? { ...flight, origin: 'ATL' } : flight, id));
    }
    counter.leaveOut({ why: 'malformed' });
    counter.leaveOut({ why: 'duplicate' });
    counter.leaveOut({ why: 'duplicate' });
    counter.leaveOut({ why: 'other-version', version: 3 });
    counter.leaveOut({ why: 'other-version', version: null });
    counter.leaveOutLabel('unmatched');
    counter.leaveOutLabel('conflicting');

    const { notes, unknownCategories } = judge({ window: counter.facts() });

    expect(unknownCategories).toEqual([{ column: 'origin', rows: 10, values: [{ value: 'ATL', rows: 10 }] }]);
    expect(notes).toEqual(
      expect.arrayContaining([
        '2.0 % of the predictions had a value of origin that the model does not know, such as ATL (10). To the model they are all alike.',
        '1 capture could not be read.',
        '2 predictions were captured again and count once.',
        '1 prediction of version 3 is not judged.',
        '1 prediction of an unknown version is not judged.',
        '1 label was not used: 1 of a prediction that was not captured.',
        expect.stringMatching(/^1 label contradicts another one of its prediction\. /),
      ]),
    );
  });

  it('names the parts of times that a window cannot be judged by', () => {
    const baseline = baselineOf();
    const plan = { ...baseline.plan, timeParts: [{ name: 'origin', cycleDays: 7 }] };

    const report = judge({ baseline: { ...baseline, plan } });

    expect(report.calendar).toEqual(['origin']);
    expect(report.drift.columns.map(({ name }) => name)).toEqual(['distance', 'prediction']);
    expect(report.notes[0]).toMatch(/^origin: not judged, because a window shows only a part of their cycle/);
  });
});
