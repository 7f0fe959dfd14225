import type { AwsEvent } from '@tidemark/region';
import { expect, it } from 'vitest';
import { domainEventsOf } from '../../../laptop/start/heard-events.ts';

const base = {
  schemaVersion: 1,
  eventId: 'e',
  model: 'new',
  time: '2026-01-01T00:00:00.000Z',
  causeId: 'c',
  message: 'It is on its way.',
};
const event = (more: Partial<AwsEvent>): AwsEvent => ({
  version: '0',
  id: 'i',
  'detail-type': 'model.onboarded',
  source: 'tidemark',
  account: '0',
  time: base.time,
  region: 'r',
  resources: [],
  detail: { ...base, definitionHash: 'h', created: true },
  ...more,
});

it('of what is on a bus, domain events are taken and nothing else', () => {
  const heard = domainEventsOf([
    event({}),
    event({ source: 'aws.s3' }),
    event({ 'detail-type': 'no.such' }),
    event({ detail: { model: 'new' } }),
  ]);

  expect(heard).toEqual([{ type: 'model.onboarded', detail: expect.objectContaining({ model: 'new' }) }]);
});
