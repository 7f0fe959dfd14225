import { domainEvent } from '@tidemark/domain/events/domain-event.ts';
import type { RetrainingRecord } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { decideFollowing } from '../../functions/retrain/decide-following.ts';
import { forModel, forTraining, nextWaitSeconds, type Patience } from '../../functions/retrain/waiting.ts';
import { now } from './facts.ts';

const open: RetrainingRecord = {
  model: 'flight-delay',
  retrainingId: 'r1',
  trigger: 'drift',
  episodeId: 'drift-3-1',
  version: 3,
  executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:retrain:1',
  startedAt: now.toISOString(),
  askedAt: now.toISOString(),
  status: 'open',
  statusReason: null,
  newRows: 200,
  rows: null,
  inferenceIds: null,
  labels: null,
  datasetId: null,
  runId: null,
};
const rejection = (file: string) =>
  domainEvent(
    'data.rejected',
    {
      model: 'flight-delay',
      causeId: 'ingest',
      message: 'One file was rejected.',
      batchId: 'batch-00000002',
      reportKey: 'quarantine/report.md',
      files: [file],
      reasons: [],
    },
    now,
  );

describe('a retraining that was begun', () => {
  it('waits for its training run', () => {
    expect(decideFollowing(open, [], { waits: 0, retired: false })).toMatchObject({
      kind: 'wait',
      waitSeconds: 15,
    });
  });

  it('is followed no more once it trains, or was given up', () => {
    expect(
      decideFollowing({ ...open, status: 'training', runId: 'run-1' }, [], { waits: 0, retired: false }),
    ).toEqual({
      kind: 'training',
      message: 'The retraining r1 of flight-delay is trained by run run-1.',
    });
    expect(
      decideFollowing({ ...open, status: 'abandoned', statusReason: 'Why.' }, [], {
        waits: 0,
        retired: false,
      }),
    ).toEqual({
      kind: 'abandoned',
      message: 'Why.',
    });
  });

  it('is given up when ingest rejects its rows, and says where the report is', () => {
    const event = rejection('incoming/flight-delay/feedback/r1/rows.jsonl');

    expect(decideFollowing(open, [event], { waits: 0, retired: false })).toEqual({
      kind: 'abandon',
      reason: 'rows-rejected',
      message: 'its rows were rejected as data (quarantine/report.md).',
    });
  });

  it('is not when somebody else’s file, or that of another retraining, is rejected', () => {
    const others = ['incoming/flight-delay/bad.csv', 'incoming/flight-delay/feedback/r2/rows.jsonl'];

    expect(decideFollowing(open, others.map(rejection), { waits: 0, retired: false })).toMatchObject({
      kind: 'wait',
    });
  });

  it('is given up in the end', () => {
    expect(decideFollowing(open, [], { waits: forTraining.waits, retired: false })).toMatchObject({
      kind: 'abandon',
      reason: 'expired',
    });
  });
});

describe('a retraining whose model is retired', () => {
  const afterRetirement = { waits: 0, retired: true };

  it('is given up before it trains', () => {
    expect(decideFollowing(open, [], afterRetirement)).toEqual({
      kind: 'abandon',
      reason: 'retired',
      message: 'flight-delay was retired before it was trained.',
    });
  });

  it('is its run’s to end once that has begun', () => {
    expect(decideFollowing({ ...open, status: 'training', runId: 'run-1' }, [], afterRetirement).kind).toBe(
      'training',
    );
  });
});

describe('waiting', () => {
  const hours = (patience: Patience) => {
    const seconds = Array.from(
      { length: patience.waits },
      (_, waits) => nextWaitSeconds(patience, waits) ?? 0,
    );
    return seconds.reduce((sum, each) => sum + each, 0) / 3600;
  };

  it('for a model lasts as long as that of train, a day and an hour', () => {
    expect(hours(forModel)).toBeCloseTo(25.1, 1);
  });

  it('for a training run lasts longer than ingest and train together may: 12 and 25 hours', () => {
    expect(hours(forTraining)).toBeGreaterThan(12 + 25.1);
    expect(hours(forTraining)).toBeCloseTo(48.6, 0);
  });
});
