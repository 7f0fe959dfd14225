import { describe, expect, it } from 'vitest';
import {
  decideStart,
  maximumWaits,
  type StartDecision,
  type StartFacts,
  waitSeconds,
} from '../../functions/train/start-decision.ts';
import { trainRequestSchema } from '../../functions/train/train-request.schema.ts';
import { versionRecord } from './records.ts';

const version = versionRecord(1, {
  dataset: { ...versionRecord(1).dataset, datasetId: 'ds-2' },
  definitionHash: 'd1',
  codeVersion: 'c1',
});

function facts(more: Partial<StartFacts['model']> = {}, codeVersion = 'c2'): StartFacts {
  return {
    model: { model: 'flight-delay', latestDatasetId: 'ds-2', definitionHash: 'd1', ...more },
    versions: [version],
    codeVersion,
  };
}
const event = (datasetId: string) =>
  ({ by: 'event', model: 'flight-delay', datasetId, eventId: 'e' }) as const;
const person = (datasetId: string | null) => ({ by: 'person', model: 'flight-delay', datasetId }) as const;

describe('a run', () => {
  it.each<[string, StartDecision['kind'], Parameters<typeof decideStart>]>([
    ['begins for the newest dataset', 'train', [event('ds-2'), facts()]],
    ['is left to a newer dataset', 'superseded', [event('ds-1'), facts()]],
    ['begins for an older dataset that a person names', 'train', [person('ds-1'), facts()]],
    ['begins for the newest dataset when a person names none', 'train', [person(null), facts()]],
    ['is refused without any dataset', 'refused', [person(null), facts({ latestDatasetId: null })]],
    ['is not needed if a version has the same origin', 'already-trained', [event('ds-2'), facts({}, 'c1')]],
    ['is needed if the definition differs', 'train', [event('ds-2'), facts({ definitionHash: 'd2' }, 'c1')]],
    ['is needed if the code differs', 'train', [event('ds-2'), facts({}, 'c3')]],
  ])('%s', (_, kind, [request, known]) => {
    expect(decideStart(request, known).kind).toBe(kind);
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
