import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { describe, expect, it } from 'vitest';
import { waitingFiles } from '../../functions/ingest/waiting-files.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const about = (causeId: string) => ({ model: 'churn', causeId, message: 'So it is.' });
const onboarded = domainEvent('model.onboarded', { ...about('1'), definitionHash: 'd', created: true }, now);
const retired = domainEvent(
  'model.retired',
  {
    ...about('2'),
    definitionHash: 'd',
    liveVersion: 1,
    endpointName: 'e',
    alarms: [],
    schedules: [],
  },
  now,
);
const reactivated = domainEvent(
  'model.reactivated',
  { ...about('3'), definitionHash: 'd', restoring: 1 },
  now,
);
const waiting = (name: string, versionId = 'v1') =>
  domainEvent('data.waiting', { ...about(name), key: `incoming/churn/${name}`, versionId }, now);
const file = (name: string, versionId = 'v1') => ({ key: `incoming/churn/${name}`, versionId });
const { ingestion: quiet } = definitionSchema.parse({ name: 'churn', problem: 'binary', target: 'left' });

const listed = [file('old.csv'), file('new.csv')];

describe('what waits', () => {
  it.each<[string, DomainEvent[], typeof listed]>([
    ['for a new model is everything', [waiting('old.csv'), onboarded], listed],
    [
      'for an active model is what came while it was retired',
      [waiting('old.csv'), onboarded, retired, waiting('new.csv'), reactivated],
      [file('new.csv')],
    ],
    [
      'is not what came in an earlier retirement',
      [onboarded, retired, waiting('old.csv'), reactivated, retired, waiting('new.csv'), reactivated],
      [file('new.csv')],
    ],
    [
      'is the version that is there, and not one that was overwritten',
      [onboarded, retired, waiting('new.csv', 'v0'), reactivated],
      [],
    ],
    [
      'for a model that was new as a retired one is everything that ever came',
      [waiting('old.csv'), onboarded, waiting('new.csv'), reactivated],
      listed,
    ],
    [
      'is also what was announced at the very moment of the retirement',
      [onboarded, waiting('new.csv'), retired, reactivated],
      [file('new.csv')],
    ],
  ])('%s', (_, events, expected) => {
    expect(waitingFiles(listed, events, quiet)).toEqual(expected);
  });

  it('with markers are the folders that were completed meanwhile, with what stood in them before', () => {
    const inFolders = [file('may/a.csv'), file('june/b.csv'), file('june/_SUCCESS')];
    const events = [onboarded, retired, waiting('june/_SUCCESS'), reactivated];

    expect(waitingFiles(inFolders, events, { ...quiet, complete: 'marker' })).toEqual([
      file('june/b.csv'),
      file('june/_SUCCESS'),
    ]);
  });
});
