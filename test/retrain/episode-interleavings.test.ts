import type {
  Episode,
  RetrainingRecord,
  RunRecord,
  VersionStatus,
} from '@tidemark/domain/registry/records.schema.ts';
import { isAnswer } from '@tidemark/domain/registry/retraining-answers.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideEpisode, type Sign } from '../../functions/monitor/episode-decision.ts';
import { decideRetraining } from '../../functions/retrain/decide-retraining.ts';
import type { RetrainRequest } from '../../functions/retrain/retrain-request.schema.ts';
import { alarm, facts } from './facts.ts';

const hour = 3_600_000;
const limits = { cooldownHours: 5, maximumPerDay: 2 };

interface Retraining {
  readonly id: string;
  readonly episodeId: string | null;
  readonly askedAt: string;
  status: RetrainingRecord['status'];
  run: RunRecord['status'] | undefined;
  version: VersionStatus | undefined;
}

/** What may become of the latest retraining, from where it stands. */
const fates = ['abandoned', 'trains', 'fails', 'rejected', 'approved', 'deploy-failed'] as const;
type Fate = (typeof fates)[number];

/**
 * A model's registry as monitor, retrain, train and deploy change it, one transaction after another; what they decide is decided by
 * the product's own functions. The live version stays the same, which is when an episode may last.
 */
class Model {
  episode: Episode | null = null;
  readonly retrainings: Retraining[] = [];
  /** Requests on their way: they come when they like, and may come again. */
  readonly deliveries: RetrainRequest[] = [];
  #now = Date.parse('2026-03-01T00:00:00Z');

  get now(): Date {
    return new Date(this.#now);
  }

  window(sign: Sign): void {
    this.#now += hour;
    const windowId = `w${this.#now}`;
    const window = { version: 3, windowId, end: this.now, alarmDueMilliseconds: 3 * hour };
    const { episode, begun, isUnanswered } = decideEpisode(
      'drift',
      this.episode,
      sign,
      window,
      this.isAnswered(),
    );
    this.episode = episode;
    if (begun) this.deliveries.push({ ...alarm, alarmedAt: this.now.toISOString(), eventId: windowId });
    if (episode && isUnanswered) {
      const { episodeId } = episode;
      this.deliveries.push({
        by: 'window',
        kind: 'drift',
        model: 'flight-delay',
        episodeId,
        windowId,
        eventId: windowId,
      });
    }
  }

  isAnswered(): boolean {
    const id = this.episode?.retrainingId;
    return this.retrainings.some((retraining) => retraining.id === id && answers(retraining));
  }

  deliver(request: RetrainRequest): void {
    const underWay = this.retrainings.filter(answers);
    const decision = decideRetraining(
      request,
      facts({
        definition: { retraining: { ...limits, monthlyTrainingMinutes: 43_200 } },
        of: { openRetraining: underWay.find(({ status }) => status === 'open')?.id ?? null },
        episode: this.episode,
        isAnswered: this.isAnswered(),
        retrainings: this.retrainings,
      }),
      { wall: this.now, windows: this.now },
    );
    if (decision.kind !== 'start' || !this.episode) return;
    // What a retraining is begun for wants an answer, and nothing else is under way for it.
    expect(this.isAnswered()).toBe(false);
    const id = `r${this.retrainings.length}`;
    const { episodeId } = this.episode;
    this.retrainings.push({
      id,
      episodeId,
      askedAt: this.now.toISOString(),
      status: 'open',
      run: undefined,
      version: undefined,
    });
    this.episode = { ...this.episode, retrainingId: id };
  }

  become(fate: Fate): void {
    const latest = this.retrainings.at(-1);
    if (!latest) return;
    if (latest.status === 'open') {
      if (fate === 'abandoned') latest.status = 'abandoned';
      if (fate === 'trains') Object.assign(latest, { status: 'training', run: 'running' });
    } else if (latest.run === 'running') {
      if (fate === 'fails') latest.run = 'failed';
      if (fate === 'rejected' || fate === 'approved')
        Object.assign(latest, { run: 'registered', version: fate });
    } else if (latest.version === 'approved' && fate === 'deploy-failed') latest.version = fate;
  }
}

function answers({ status, run, version }: Retraining): boolean {
  return isAnswer({
    retraining: { status },
    run: run && { status: run },
    version: version && { status: version },
  });
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ window: fc.constantFrom<Sign>('moved', 'moved', 'unclear', 'clear', 'unknown') }),
  },
  { weight: 3, arbitrary: fc.record({ deliver: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ fate: fc.constantFrom(...fates) }) },
);

function run(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Model {
  const model = new Model();
  for (const each of steps) {
    if ('window' in each) model.window(each.window);
    else if ('fate' in each) model.become(each.fate);
    else {
      // Any of those that were ever sent: late, again, or in another order.
      const request = model.deliveries[each.deliver % Math.max(1, model.deliveries.length)];
      if (request) model.deliver(request);
    }
  }
  return model;
}

const steps = fc.array(step, { maxLength: 150, size: 'max' });

it('whatever alarms, windows, failures and repeats come, one retraining at a time answers an episode, within the limits', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const { retrainings } = run(given);

      const times = retrainings.map(({ askedAt }) => Date.parse(askedAt));
      for (const [index, time] of times.entries()) {
        const before = times.slice(0, index);
        expect(before.every((earlier) => time - earlier >= limits.cooldownHours * hour)).toBe(true);
        expect(before.filter((earlier) => time - earlier < 24 * hour).length).toBeLessThan(
          limits.maximumPerDay,
        );
      }
      for (const episodeId of new Set(retrainings.map((each) => each.episodeId))) {
        expect(
          retrainings.filter((each) => each.episodeId === episodeId && answers(each)).length,
        ).toBeLessThan(2);
      }
    }),
    { numRuns: 300 },
  );
});

it('whatever came before, an episode that goes on and that nothing answers leads to another retraining in a day', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const model = run(given);
      // Whatever is under way comes to nothing.
      for (const fate of ['abandoned', 'fails', 'deploy-failed'] as const) model.become(fate);
      const begun = model.retrainings.length;

      for (let window = 0; window < 30; window += 1) {
        model.window('moved');
        for (const request of [...model.deliveries]) model.deliver(request);
      }

      expect(model.retrainings.length).toBe(begun + 1);
      expect(model.isAnswered()).toBe(true);
    }),
    { numRuns: 200 },
  );
});
