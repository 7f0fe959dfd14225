import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { versionRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { championOf, missingForChampion } from '../../functions/train/champion.ts';
import type { ColumnFinding } from '../../functions/train/column-finding.schema.ts';
import { evaluateHoldout } from '../../functions/train/evaluation.ts';
import type { Champion } from '../../functions/train/preparation.schema.ts';
import { decideRegistration, type JudgedModel } from '../../functions/train/registration.ts';
import { binary, oracles } from '../../packages/statistics/test/metrics/oracles/oracles.ts';
import { finding, now, preparationOf, run, versionRecord } from './train-records.ts';

const [ties] = oracles.binary as [(typeof oracles.binary)[number]];

function judged(scores: number[], champion = preparationOf().champion): JudgedModel {
  const preparation = preparationOf({ champion });
  const { evaluation, smoke, training } = versionRecord(1);
  return {
    run,
    preparation,
    evaluation: evaluateHoldout(preparation, {
      challenger: binary(ties.labels, scores),
      champion: null,
      segments: new Map(),
    }),
    evaluationObject: evaluation,
    smokeObject: smoke,
    baselineObject: { bucket: 'artifacts', key: 'baseline.json', versionId: 'v1' },
    training,
    sagemakerModelName: 'tidemark-dev-flight-delay-0123456789',
    scoredModelName: 'tidemark-dev-flight-delay-0123456789-t',
    codeVersion: 'c1',
  };
}
const good = ties.first;
const useless = ties.first.map(() => 0.5);

describe('a model that passes', () => {
  it('is approved, handed to deploy, and announced in the order of what happened', () => {
    const { version, lease, events, comparedLiveVersion } = decideRegistration(judged(good), 7, now);

    expect(versionRecordSchema.parse(version)).toMatchObject({
      version: 7,
      status: 'approved',
      statusReason: null,
      baseline: { key: 'baseline.json', versionId: 'v1' },
    });
    expect(lease).toEqual({ owner: 'version-7', purpose: 'deploy', until: '2026-03-01T12:30:00.000Z' });
    expect(comparedLiveVersion).toBeNull();
    expect(events.map(({ type, detail }) => [type, detail.time])).toEqual([
      ['version.registered', '2026-03-01T12:00:00.000Z'],
      ['version.gated', '2026-03-01T12:00:00.001Z'],
      ['version.approved', '2026-03-01T12:00:00.002Z'],
    ]);
    expect(events[2]?.detail.message).toBe(
      'Version 7 of flight-delay is approved because it passed every gate.',
    );
  });
});

describe('a model that fails a gate', () => {
  it('is rejected with the reason, and its model is free', () => {
    const { version, lease, events } = decideRegistration(judged(useless), 7, now);

    expect(version.status).toBe('rejected');
    expect(version.statusReason).toMatch(
      /^By auc \(more is better\), .* the model is as good as a guess .* It passes if the whole interval is better\.$/,
    );
    expect(lease).toBeNull();
    expect(events.at(-1)).toMatchObject({
      type: 'version.rejected',
      detail: {
        failedGates: ['beats-a-guess'],
        message: expect.stringMatching(/^Version 7 of flight-delay is rejected\. By auc/),
      },
    });
    expect(events[1]?.detail).toMatchObject({ passed: false });
  });
});

describe('a registration', () => {
  it.each<{ champion: Champion }>([
    { champion: { kind: 'comparable', version: 3, scoredModelName: 'm', classes: [] } },
    { champion: { kind: 'incomparable', version: 3, reason: 'It predicts something else.' } },
  ])('holds only while the live version is the one it was judged beside', ({ champion }) => {
    expect(decideRegistration(judged(good, champion), 7, now).comparedLiveVersion).toBe(3);
  });

  it('is the same for the same model at the same time', () => {
    expect(decideRegistration(judged(good), 7, now)).toEqual(decideRegistration(judged(good), 7, now));
  });
});

describe('what a version does not use', () => {
  const withFindings = (findings: ColumnFinding[], scores = good): JudgedModel => {
    const model = judged(scores);
    return { ...model, evaluation: { ...model.evaluation, columns: findings } };
  };
  const eventsOf = (findings: ColumnFinding[], scores = good) =>
    decideRegistration(withFindings(findings, scores), 7, now).events;

  it.each([{ scores: good }, { scores: useless }])(
    'is told in every event of its registration, warnings first, without a value',
    ({ scores }) => {
      const findings = [finding('body', 'free-text', 'warning'), finding('transfer', 'constant', 'note')];

      const events = eventsOf(findings, scores);

      for (const { detail } of events) {
        expect(detail).toMatchObject({
          columns: {
            named: [
              { column: 'body', code: 'free-text', level: 'warning' },
              { column: 'transfer', code: 'constant', level: 'note' },
            ],
            more: 0,
          },
          evaluationKey: 'evaluation.json',
        });
      }
      const told = 'About `body`, but no value. 1 column not used: `transfer` (constant).';
      expect(events[0]?.detail.message).toContain(told);
      expect(events[2]?.detail.message).toContain(told);
    },
  );

  it('fits into what a state machine passes on, whatever the names of two thousand columns', () => {
    const findings = Array.from({ length: 2000 }, (_, index) =>
      finding(`${'\u0001'.repeat(120)}${index}`, 'constant', index % 2 === 0 ? 'warning' : 'note'),
    );

    const events = eventsOf(findings);

    expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThan(200_000);
    expect(events[0]?.detail).toMatchObject({ columns: { named: { length: 50 }, more: 1950 } });
    expect(events[0]?.detail.message).toContain('The evaluation has 997 more warnings.');
  });

  it.each([
    { rows: 49, isTold: true },
    { rows: 50, isTold: false },
  ])('says that its windows cannot be judged: $isTold with $rows hold-out rows', ({ rows, isTold }) => {
    const model = judged(good);

    const { events } = decideRegistration({ ...model, evaluation: { ...model.evaluation, rows } }, 7, now);

    expect(events[0]?.detail.message.includes('can be judged for drift: that takes 50 hold-out rows')).toBe(
      isTold,
    );
  });

  it('says which class counts as yes only in the evaluation', () => {
    const { evaluation } = judged(good);
    const named = { label: 'Vienna', decidedBy: 'order' as const };

    const { events } = decideRegistration(
      { ...judged(good), evaluation: { ...evaluation, positive: named } },
      7,
      now,
    );

    expect(events[0]?.detail).toMatchObject({
      positiveDecidedBy: 'order',
      message: expect.stringContaining('the later in order counts as yes'),
    });
    expect(JSON.stringify(events)).not.toContain('Vienna');
  });
});

describe('the live version', () => {
  const encoding = (
    target: Partial<Encoding['target']>,
    problem: Encoding['problem'] = 'binary',
  ): Encoding => ({
    schemaVersion: 1,
    model: 'flight-delay',
    problem,
    target: { column: 'delay', above: null, classes: ['no', 'yes'], ...target },
    features: [
      { kind: 'number', column: 'distance' },
      { kind: 'number', column: 'distance' },
      { kind: 'boolean', column: 'international' },
    ],
    encodedColumns: ['distance', 'distance (again)', 'international'],
  });
  const live = versionRecord(3);
  const kindOf = (its: Encoding, ours: Encoding) => championOf(live, its, ours).kind;

  it('is compared if it answers the same question', () => {
    expect(championOf(live, encoding({}), encoding({}))).toEqual({
      kind: 'comparable',
      version: 3,
      scoredModelName: live.scoredModelName,
      classes: ['no', 'yes'],
    });
    expect(
      kindOf(
        encoding({ classes: ['a', 'b'] }, 'multiclass'),
        encoding({ classes: ['a', 'b', 'c'] }, 'multiclass'),
      ),
    ).toBe('comparable');
  });

  it.each([
    { title: 'another column', its: encoding({ column: 'arrival' }) },
    { title: 'another yes', its: encoding({ classes: ['yes', 'no'] }) },
    { title: 'another problem', its: encoding({ classes: [] }, 'regression') },
  ])('is not if it predicts $title', ({ its }) => {
    expect(kindOf(its, encoding({}))).toBe('incomparable');
  });

  it('need not be there', () => {
    expect(championOf(null, null, encoding({}))).toEqual({ kind: 'none' });
  });

  it('misses what the dataset does not have, each column once', () => {
    expect(missingForChampion(encoding({}), [{ name: 'international' }])).toEqual(['distance']);
  });
});
