import { describe, expect, it } from 'vitest';
import {
  decideRunStart,
  maximumRestoreWaits,
  maximumWaits,
  type RunStartDecision,
  type RunStartFacts,
  restoration,
  waitSeconds,
} from '../../functions/train/run-start-decision.ts';
import { trainRequestSchema } from '../../functions/train/train-request.schema.ts';
import { versionRecord } from './train-records.ts';

const version = versionRecord(1, {
  dataset: { ...versionRecord(1).dataset, datasetId: 'ds-2' },
  definitionHash: 'd1',
  codeVersion: 'c1',
});

function facts(more: Partial<RunStartFacts['model']> = {}, codeVersion = 'c2'): RunStartFacts {
  return {
    model: { model: 'flight-delay', latestDatasetId: 'ds-2', definitionHash: 'd1', liveVersion: 1, ...more },
    retired: false,
    triggers: ['new-data'],
    versions: [version],
    codeVersion,
    open: null,
    sources: ['incoming/flight-delay/january.csv'],
  };
}
const event = (datasetId: string) =>
  ({ by: 'event', model: 'flight-delay', datasetId, eventId: 'e' }) as const;
const person = (datasetId: string | null) => ({ by: 'person', model: 'flight-delay', datasetId }) as const;
const retraining = (retrainingId: string) =>
  ({ by: 'retraining', model: 'flight-delay', retrainingId, eventId: 'e' }) as const;

describe('a run', () => {
  it.each<[string, RunStartDecision['kind'], Parameters<typeof decideRunStart>]>([
    ['begins for the newest dataset', 'train', [event('ds-2'), facts()]],
    ['is left to a newer dataset', 'superseded', [event('ds-1'), facts()]],
    ['begins for an older dataset that a person names', 'train', [person('ds-1'), facts()]],
    ['begins for the newest dataset when a person names none', 'train', [person(null), facts()]],
    ['is refused without any dataset', 'refused', [person(null), facts({ latestDatasetId: null })]],
    ['is not needed if a version has the same origin', 'already-trained', [event('ds-2'), facts({}, 'c1')]],
    ['is needed if the definition differs', 'train', [event('ds-2'), facts({ definitionHash: 'd2' }, 'c1')]],
    ['is needed if the code differs', 'train', [event('ds-2'), facts({}, 'c3')]],
  ])('%s', (_, kind, [request, known]) => {
    expect(decideRunStart(request, known).kind).toBe(kind);
  });
});

describe('of a retired model', () => {
  const known: RunStartFacts = { ...facts(), retired: true };

  it.each([event('ds-2'), retraining('r1')])('nothing is trained, which is told: by $by', (request) => {
    expect(decideRunStart(request, known)).toEqual({
      kind: 'skipped',
      datasetId: 'ds-2',
      message:
        'ds-2 is not trained. flight-delay is retired: its definition says `lifecycle: retired`. The data is kept. ' +
        'To bring it back, put definitions/flight-delay.yaml again with `lifecycle: active`. ' +
        'Then start train with { "model": "flight-delay" }.',
    });
  });

  it('nothing is trained for a person either', () => {
    expect(decideRunStart(person(null), known).kind).toBe('refused');
  });
});

describe('a model that is active again', () => {
  const record = { model: 'flight-delay', liveVersion: null, restoreVersion: 3 };

  it('has its version deployed before another is trained, which is compared with it', () => {
    expect(restoration(record, 0)).toContain(
      'Version 3 of flight-delay, which is active again, is deployed first',
    );
    expect(restoration({ ...record, restoreVersion: null }, 0)).toBeUndefined();
    expect(restoration({ ...record, liveVersion: 4 }, 0)).toBeUndefined();
  });

  it('is not waited for much longer than bringing it back may take', () => {
    const waits = Array.from({ length: maximumRestoreWaits }, (_, index) => waitSeconds(index));
    const seconds = waits.reduce((sum, wait) => sum + wait, 0);

    expect(seconds).toBeGreaterThan(2700);
    expect(seconds).toBeLessThan(3600);
    expect(restoration(record, maximumRestoreWaits)).toBeUndefined();
  });
});

/** A retraining that adds rows, or one for a dataset that is there. */
const open = (retrainingId: string, addsRows = true): RunStartFacts['open'] => ({
  model: 'flight-delay',
  retrainingId,
  rows: addsRows ? { bucket: 'artifacts', key: 'rows.jsonl', versionId: 'v1' } : null,
});
const withRows = (retrainingId: string) => [
  'incoming/flight-delay/january.csv',
  `incoming/flight-delay/feedback/${retrainingId}/rows.jsonl`,
];

describe('where new data alone is no trigger', () => {
  const onDrift: RunStartFacts = { ...facts(), triggers: ['drift'] };

  it.each<[string, RunStartDecision['kind'], Parameters<typeof decideRunStart>]>([
    ['a new dataset is left to a retraining', 'not-wanted', [event('ds-2'), onDrift]],
    [
      'a first version wants any dataset',
      'train',
      [event('ds-2'), { ...onDrift, ...facts({ liveVersion: null }), triggers: [] }],
    ],
    ['a person may train the newest dataset', 'train', [person(null), onDrift]],
    [
      'a dataset without the rows of the open retraining is not its own',
      'not-wanted',
      [event('ds-2'), { ...onDrift, open: open('r1') }],
    ],
    [
      'a dataset with the rows of a retraining that was given up is not wanted',
      'not-wanted',
      [event('ds-2'), { ...onDrift, sources: withRows('r1') }],
    ],
    [
      'a retraining that has its run is not begun again',
      'not-wanted',
      [retraining('r1'), { ...onDrift, open: open('r2', false) }],
    ],
  ])('%s', (_, kind, [request, known]) => {
    expect(decideRunStart(request, known).kind).toBe(kind);
  });

  it('a dataset that has the rows of the open retraining is trained for it', () => {
    const decision = decideRunStart(event('ds-2'), { ...onDrift, open: open('r1'), sources: withRows('r1') });

    expect(decision).toEqual({ kind: 'train', datasetId: 'ds-2', retrainingId: 'r1' });
  });

  it('a retraining of a dataset that is there takes the newest, as it holds what was wanted', () => {
    const decision = decideRunStart(retraining('r1'), { ...onDrift, open: open('r1', false) });

    expect(decision).toEqual({ kind: 'train', datasetId: 'ds-2', retrainingId: 'r1' });
  });
});

describe('a run that any new dataset leads to', () => {
  it('carries out the open retraining whose rows are in the dataset', () => {
    const decision = decideRunStart(event('ds-2'), { ...facts(), open: open('r1'), sources: withRows('r1') });

    expect(decision).toEqual({ kind: 'train', datasetId: 'ds-2', retrainingId: 'r1' });
  });

  it('leaves the retraining open if its rows are not in the dataset yet', () => {
    const decision = decideRunStart(event('ds-2'), { ...facts(), open: open('r1') });

    expect(decision).toEqual({ kind: 'train', datasetId: 'ds-2', retrainingId: null });
  });

  it('of an older dataset that a person names carries out no retraining that adds no rows', () => {
    const decision = decideRunStart(person('ds-1'), { ...facts(), open: open('r1', false) });

    expect(decision).toEqual({ kind: 'train', datasetId: 'ds-1', retrainingId: null });
  });
});

describe('waiting for a model', () => {
  it('starts with 10 seconds, goes up to 5 minutes, and lasts a day and an hour', () => {
    const waits = Array.from({ length: maximumWaits }, (_, index) => waitSeconds(index));

    expect(waits.slice(0, 7)).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(waits.reduce((sum, seconds) => sum + seconds, 0) / 3600).toBeCloseTo(25.1, 1);
  });
});

describe('a request', () => {
  it.each([
    { model: 'Flight' },
    { model: 'flight-delay', dataset: 'ds-1' },
    { 'detail-type': 'dataset.committed', detail: { model: 'flight-delay' } },
    'flight-delay',
    null,
  ])('%j is none', (request) => {
    expect(trainRequestSchema.safeParse(request).success).toBe(false);
  });

  it('is an event or what a person types', () => {
    expect(trainRequestSchema.parse({ model: 'flight-delay' })).toEqual(person(null));
    expect(trainRequestSchema.parse({ model: 'flight-delay', datasetId: 'ds-1' })).toEqual(person('ds-1'));
  });
});
