import { clocksOf } from '@tidemark/domain/registry/windows-clock.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRetraining } from '../../functions/retrain/decide-retraining.ts';
import type { RetrainRequest } from '../../functions/retrain/retrain-request.schema.ts';
import type {
  RetrainingDecision,
  RetrainingFacts,
  SuppressionReason,
} from '../../functions/retrain/retraining-decision.ts';
import { secondsThisMonth } from '../../functions/retrain/retraining-limits.ts';
import { alarm, clocks, episode, facts, hoursAgo, nextWindow, now, person, schedule } from './facts.ts';

const run = (
  startedHoursAgo: number,
  minutes: number | null,
  status: 'registered' | 'failed' = 'registered',
) => ({
  status,
  startedAt: hoursAgo(startedHoursAgo),
  askedAt: hoursAgo(startedHoursAgo),
  endedAt: hoursAgo(startedHoursAgo - 1),
  billedSeconds: minutes === null ? null : minutes * 60,
});
const leaseUntil = (until: string) => ({ owner: 'version-4', purpose: 'deploy', until }) as const;

describe('a retraining is suppressed', () => {
  it.each<[string, SuppressionReason, RegExp, RetrainRequest, RetrainingFacts]>([
    ['of a model that is gone', 'model-gone', /no model called flight-delay/, alarm, facts({ model: null })],
    ...[alarm, nextWindow, schedule, person].map(
      (request): [string, SuppressionReason, RegExp, RetrainRequest, RetrainingFacts] => [
        `of a retired model, whatever asks for it: ${request.by}`,
        'retired',
        /is retired: .* put definitions\/flight-delay\.yaml again with `lifecycle: active`/,
        request,
        facts({ definition: { lifecycle: 'retired', retraining: { on: ['drift', 'schedule'] } } }),
      ],
    ),
    [
      'for an alarm that the definition does not list',
      'not-a-trigger',
      /does not list drift under `retraining.on`/,
      alarm,
      facts({ definition: { retraining: { on: ['quality'] } } }),
    ],
    [
      'for a schedule that was taken from the definition',
      'not-a-trigger',
      /does not list schedule/,
      schedule,
      facts(),
    ],
    [
      'for an alarm of monitoring that is switched off',
      'monitoring-disabled',
      /switched monitoring off/,
      alarm,
      facts({ definition: { monitoring: { enabled: false } } }),
    ],
    [
      'without a live version',
      'no-live-version',
      /none to replace/,
      alarm,
      facts({ of: { liveVersion: null } }),
    ],
    [
      'without a live version, by hand too',
      'no-live-version',
      /none to replace/,
      person,
      facts({ of: { liveVersion: null } }),
    ],
    [
      'when the episode ended before its alarm came',
      'episode-over',
      /is over/,
      alarm,
      facts({ episode: null }),
    ],
    [
      'for an alarm from before the episode that is on',
      'episode-over',
      /is over/,
      { ...alarm, alarmedAt: hoursAgo(3.1) },
      facts(),
    ],
    [
      'for a window of an episode that another has followed',
      'episode-over',
      /is over/,
      { ...nextWindow, episodeId: 'drift-3-20260301T090000Z' },
      facts(),
    ],
    [
      'when another version has gone live since',
      'version-changed',
      /about version 3 of flight-delay, but version 4 is live/,
      alarm,
      facts({ of: { liveVersion: 4 } }),
    ],
    [
      'when the episode is answered',
      'episode-answered',
      /The retraining r1 of flight-delay answers this episode/,
      nextWindow,
      facts({ episode: { ...episode, retrainingId: 'r1' }, isAnswered: true }),
    ],
    [
      'while another waits for its training run, by hand too',
      'retraining-open',
      /r1 of flight-delay has not begun to train/,
      person,
      facts({ of: { openRetraining: 'r1' } }),
    ],
    [
      'soon after the last',
      'cooldown',
      /began 2026-03-09T13:00:00.000Z.*may begin 2026-03-10T13:00:00.000Z/,
      alarm,
      facts({ retrainings: [{ askedAt: hoursAgo(23) }] }),
    ],
    [
      'when there were enough in 24 hours',
      'daily-cap',
      /2 retrainings have begun in the last 24 hours; `retraining.maximumPerDay` is 2/,
      alarm,
      facts({
        retrainings: [{ askedAt: hoursAgo(23) }, { askedAt: hoursAgo(2) }],
        definition: { retraining: { maximumPerDay: 2, cooldownHours: 1 } },
      }),
    ],
    [
      'when the month’s minutes might be exceeded',
      'monthly-budget',
      /has taken 541 minutes this month and may take 60 more.*is 600/,
      alarm,
      facts({ runs: [run(48, 500), run(24, 41)] }),
    ],
    [
      'with too few labelled rows',
      'too-few-rows',
      /There are 199 labelled predictions not trained with yet; it takes 200 \(`retraining.minimumNewRows`\)/,
      alarm,
      facts({ labelledRows: 199 }),
    ],
    [
      'with fewer rows than ingest takes for a batch',
      'too-few-rows',
      /it takes 5,000 \(`ingestion.minimumRows`\)/,
      alarm,
      facts({ labelledRows: 4999, definition: { ingestion: { minimumRows: 5000 } } }),
    ],
    [
      'with too few of both together',
      'too-few-rows',
      /There are 599 labelled predictions.*it takes 600 \(`retraining.minimumNewRows`\).*has 400 rows/,
      alarm,
      facts({
        labelledRows: 599,
        definition: { retraining: { minimumNewRows: 1000 } },
        data: { latest: { datasetId: 'ds-4', rows: 10_400 }, trained: false, live: { rows: 10_000 } },
      }),
    ],
    [
      'by hand with fewer rows than ingest takes for a batch',
      'too-few-rows',
      /it takes 200 \(`ingestion.minimumRows`\)/,
      person,
      facts({ labelledRows: 199 }),
    ],
    [
      'when a version, even a rejected one, was made of the newest dataset',
      'too-few-rows',
      /has 0 rows that no version has seen/,
      alarm,
      facts({
        labelledRows: 0,
        data: { latest: { datasetId: 'ds-4', rows: 90_000 }, trained: true, live: { rows: 10_000 } },
      }),
    ],
    [
      'where a batch replaces the data and none has come',
      'too-few-rows',
      /`ingestion.mode: replace` accepts no additional rows. Drop a new batch/,
      alarm,
      facts({ labelledRows: null, definition: { ingestion: { mode: 'replace' } } }),
    ],
  ])('%s', (_, reason, message, request, known) => {
    expect(decideRetraining(request, known, clocks)).toEqual({
      kind: 'suppress',
      reason,
      message: expect.stringMatching(message),
    });
  });
});

describe('a retraining', () => {
  it.each<[string, Partial<RetrainingDecision>, RetrainRequest, RetrainingFacts]>([
    ['adds labelled predictions to the data', { kind: 'start', datasetId: null }, alarm, facts()],
    [
      'answers an alarm whose news is no news, as long as nobody has',
      { kind: 'start' },
      alarm,
      facts({ episode: { ...episode, alarmedAt: hoursAgo(1) } }),
    ],
    ['answers a further window of an episode', { kind: 'start' }, nextWindow, facts()],
    [
      'may begin when the cooldown is over',
      { kind: 'start' },
      alarm,
      facts({ retrainings: [{ askedAt: hoursAgo(24) }] }),
    ],
    ['may use up the month’s minutes', { kind: 'start' }, alarm, facts({ runs: [run(48, 540)] })],
    [
      'is held back by no other month’s minutes',
      { kind: 'start' },
      alarm,
      facts({ runs: [run(10 * 24, 600)] }),
    ],
    [
      'by hand is held back by no limit',
      { kind: 'start' },
      person,
      facts({ retrainings: [{ askedAt: hoursAgo(1) }], runs: [run(48, 600)], labelledRows: 200 }),
    ],
    [
      'takes the newest dataset as it stands where it holds enough that nobody has trained',
      { kind: 'start', datasetId: 'ds-4' },
      alarm,
      facts({
        labelledRows: 10,
        data: { latest: { datasetId: 'ds-4', rows: 10_200 }, trained: false, live: { rows: 10_000 } },
      }),
    ],
    [
      'counts both, labelled predictions and rows that nobody has trained: they are trained together',
      { kind: 'start', datasetId: null },
      alarm,
      facts({
        labelledRows: 600,
        definition: { retraining: { minimumNewRows: 1000 } },
        data: { latest: { datasetId: 'ds-4', rows: 10_400 }, trained: false, live: { rows: 10_000 } },
      }),
    ],
    [
      'counts every row of a dataset that replaced the one before',
      { kind: 'start', datasetId: 'ds-4' },
      alarm,
      facts({
        labelledRows: null,
        definition: { ingestion: { mode: 'replace' }, retraining: { on: ['drift'] } },
        data: { latest: { datasetId: 'ds-4', rows: 300 }, trained: false, live: { rows: 10_000 } },
      }),
    ],
    ['waits for its rows to be counted', { kind: 'count' }, alarm, facts({ labelledRows: null })],
    [
      'waits while the model is deployed or trained',
      {
        kind: 'wait',
        message: 'The deployment version-4 holds flight-delay until 2026-03-10T12:30:00.000Z at the latest.',
      },
      alarm,
      facts({ of: { lease: leaseUntil(hoursAgo(-0.5)) } }),
    ],
    [
      'does not wait for a lease that has ended',
      { kind: 'start' },
      alarm,
      facts({ of: { lease: leaseUntil(hoursAgo(0.5)) } }),
    ],
    [
      'is due when so many days have passed since the last training',
      { kind: 'start' },
      schedule,
      facts({ definition: { retraining: { on: ['schedule'] } }, runs: [run(30 * 24, 5)] }),
    ],
    [
      'is not due before',
      { kind: 'not-due', message: expect.stringContaining('due 2026-03-10T13:00:00.000Z') },
      schedule,
      facts({ definition: { retraining: { on: ['schedule'] } }, runs: [run(30 * 24 - 1, 5)] }),
    ],
    [
      'is due when the last training failed',
      { kind: 'start' },
      schedule,
      facts({ definition: { retraining: { on: ['schedule'] } }, runs: [run(40, null, 'failed')] }),
    ],
  ])('%s', (_, expected, request, known) => {
    expect(decideRetraining(request, known, clocks)).toMatchObject(expected);
  });
});

describe('the minutes of a month', () => {
  it('are those that SageMaker bills, and, where that is not known, those that the run took', () => {
    expect(secondsThisMonth([run(48, 10), run(24, null, 'failed')], clocks)).toBe(600 + 3600);
  });

  it('of a run that still trains are counted up to now', () => {
    const training = {
      status: 'running',
      startedAt: hoursAgo(2),
      askedAt: hoursAgo(2),
      endedAt: null,
      billedSeconds: null,
    } as const;

    expect(secondsThisMonth([training], clocks)).toBe(7200);
  });
});

describe('a limit on a laptop, where windows come faster than the wall’s clock goes,', () => {
  const wall = new Date(now.getTime() - 40 * 24 * 3_600_000);
  const inWindows = { wall, windows: now };

  it.each([
    ['the cooldown', facts({ retrainings: [{ askedAt: hoursAgo(23) }] }), 'cooldown'],
    ['the cooldown that is over', facts({ retrainings: [{ askedAt: hoursAgo(25) }] }), undefined],
    [
      'the month’s minutes',
      facts({ runs: [{ ...run(48, 590), startedAt: wall.toISOString() }] }),
      'monthly-budget',
    ],
  ])('%s, counts hours of the windows, and tells their times only', (_, known, reason) => {
    const decision = decideRetraining(alarm, known, inWindows);

    expect(decision).toMatchObject(reason === undefined ? { kind: 'start' } : { kind: 'suppress', reason });
    expect('message' in decision ? decision.message : '').not.toContain(wall.toISOString().slice(0, 10));
  });

  it('the days of a schedule, counts days of the windows', () => {
    const definition = { retraining: { on: ['schedule' as const], everyDays: 30 } };
    const recent = { ...run(24, 5), startedAt: wall.toISOString() };

    expect(decideRetraining(schedule, facts({ definition, runs: [recent] }), inWindows)).toMatchObject({
      kind: 'not-due',
      message: expect.stringContaining(`began ${hoursAgo(24)}`),
    });
  });

  it('a lease, is the wall’s: work runs no faster', () => {
    const lease = leaseUntil(new Date(wall.getTime() + 60_000).toISOString());

    expect(decideRetraining(alarm, facts({ of: { lease } }), inWindows)).toMatchObject({ kind: 'wait' });
  });
});

describe('the clock of a model’s windows', () => {
  const monitor = { lastWindowId: '20260310T110000Z' };

  it.each([
    ['the wall’s where nothing later is known', '2026-03-11T00:00:00.000Z', [], '2026-03-11T00:00:00.000Z'],
    ['at its latest window’s end', '2026-01-01T00:00:00.000Z', [], '2026-03-10T11:00:00.000Z'],
    [
      'at the alarm’s moment',
      '2026-01-01T00:00:00.000Z',
      ['2026-03-10T11:07:00Z'],
      '2026-03-10T11:07:00.000Z',
    ],
    [
      'no earlier for an alarm that came late',
      '2026-01-01T00:00:00.000Z',
      ['2026-03-09T11:07:00Z'],
      '2026-03-10T11:00:00.000Z',
    ],
  ])('is %s', (_, wall, told, expected) => {
    expect(clocksOf(new Date(wall), monitor, told).windows.toISOString()).toBe(expected);
  });
});

describe('whatever the order, number and time of requests', () => {
  const settings = fc.record({
    cooldownHours: fc.integer({ min: 0, max: 48 }),
    maximumPerDay: fc.integer({ min: 1, max: 4 }),
    monthlyTrainingMinutes: fc.integer({ min: 60, max: 400 }),
  });
  /** What happens, hour by hour: requests of any kind, trainings of any length, episodes that come and go. */
  const happening = fc.record({
    hours: fc.integer({ min: 0, max: 30 }),
    request: fc.constantFrom('alarm', 'window', 'schedule'),
    repeated: fc.integer({ min: 1, max: 3 }),
    minutes: fc.integer({ min: 1, max: 60 }),
    newEpisode: fc.boolean(),
    staleHours: fc.integer({ min: -1, max: 6 }),
  });

  it('no episode is answered twice, and neither cooldown, daily cap nor monthly budget is exceeded', () => {
    fc.assert(
      fc.property(settings, fc.array(happening, { maxLength: 60 }), (limits, happenings) => {
        const model = new SimulatedModel(limits);
        for (const each of happenings) model.live(each);

        expect(new Set(model.answered).size).toBe(model.answered.length);
        expect(model.shortestGapHours).toBeGreaterThanOrEqual(limits.cooldownHours);
        expect(model.mostInADay).toBeLessThanOrEqual(limits.maximumPerDay);
        expect(model.mostMinutesInAMonth).toBeLessThanOrEqual(limits.monthlyTrainingMinutes);
      }),
      { numRuns: 300 },
    );
  });
});

interface Limits {
  readonly cooldownHours: number;
  readonly maximumPerDay: number;
  readonly monthlyTrainingMinutes: number;
}
interface Happening {
  readonly hours: number;
  readonly request: 'alarm' | 'window' | 'schedule';
  readonly repeated: number;
  readonly minutes: number;
  readonly newEpisode: boolean;
  readonly staleHours: number;
}

const behindMilliseconds = 31 * 24 * 3_600_000;

/** Keeps what the registry would, and trains whatever is decided. */
class SimulatedModel {
  readonly answered: string[] = [];
  readonly #limits: Limits;
  readonly #begun: number[] = [];
  readonly #runs: { startedAt: number; minutes: number }[] = [];
  #now = Date.parse('2026-01-20T00:00:00.000Z');
  #episode = { id: 'episode-0', since: this.#now, answeredBy: null as string | null };

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  live({ hours, request, repeated, minutes, newEpisode, staleHours }: Happening): void {
    this.#now += hours * 3_600_000;
    if (newEpisode) {
      this.#episode = {
        id: `episode-${this.#now}-${this.answered.length}`,
        since: this.#now,
        answeredBy: null,
      };
    }
    for (let time = 0; time < repeated; time += 1) this.#ask(request, minutes, staleHours);
  }

  #ask(by: Happening['request'], minutes: number, staleHours: number): void {
    const requests: Record<Happening['request'], RetrainRequest> = {
      alarm: {
        ...alarm,
        alarmedAt: this.#iso(this.#now - staleHours * 3_600_000),
      },
      window: { ...nextWindow, episodeId: this.#episode.id },
      schedule,
    };
    const known = facts({
      episode: {
        ...episode,
        episodeId: this.#episode.id,
        since: this.#iso(this.#episode.since),
        retrainingId: this.#episode.answeredBy,
      },
      isAnswered: this.#episode.answeredBy !== null,
      definition: { retraining: { on: ['drift', 'schedule'], everyDays: 1, ...this.#limits } },
      retrainings: this.#begun.map((at) => ({ askedAt: this.#iso(at) })),
      runs: this.#runs.map(({ startedAt, minutes: billed }) => ({
        status: 'registered' as const,
        // The wall's clock is a month behind, as on a laptop where time was made to pass.
        startedAt: this.#iso(startedAt - behindMilliseconds),
        askedAt: this.#iso(startedAt),
        endedAt: this.#iso(startedAt - behindMilliseconds),
        billedSeconds: billed * 60,
      })),
    });
    const wall = new Date(this.#now - behindMilliseconds);
    const decision = decideRetraining(requests[by], known, { wall, windows: new Date(this.#now) });
    if (decision.kind !== 'start') return;
    this.#begun.push(this.#now);
    this.#runs.push({ startedAt: this.#now, minutes });
    if (by === 'schedule') return;
    this.answered.push(this.#episode.id);
    this.#episode.answeredBy = `r${this.#begun.length}`;
  }

  get shortestGapHours(): number {
    const gaps = this.#begun.slice(1).map((at, index) => (at - (this.#begun[index] ?? 0)) / 3_600_000);
    return Math.min(...gaps, Number.POSITIVE_INFINITY);
  }

  get mostInADay(): number {
    const day = 24 * 3_600_000;
    return Math.max(
      0,
      ...this.#begun.map((at) => this.#begun.filter((other) => other > at - day && other <= at).length),
    );
  }

  get mostMinutesInAMonth(): number {
    const minutes = new Map<string, number>();
    for (const run of this.#runs) {
      const month = this.#iso(run.startedAt).slice(0, 7);
      minutes.set(month, (minutes.get(month) ?? 0) + run.minutes);
    }
    return Math.max(0, ...minutes.values());
  }

  #iso(milliseconds: number): string {
    return new Date(milliseconds).toISOString();
  }
}
