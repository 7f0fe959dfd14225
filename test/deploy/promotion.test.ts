import { expect, it } from 'vitest';
import { decidePromotion } from '../../functions/deploy/promotion.ts';
import { configName, deploymentOf, endpointName, now } from './deploy-records.ts';

const proof = {
  outcome: 'proven',
  provenAt: now.toISOString(),
  resolvedImage: 'xgboost@sha256:abc',
  rows: 20,
} as const;
const served = {
  endpointName,
  endpointConfigName: configName(2),
  provenAt: now.toISOString(),
  resolvedImage: 'xgboost@sha256:abc',
};
const promote = (expectedLiveVersion: number | null) =>
  decidePromotion(
    { deployment: deploymentOf(2, { expectedLiveVersion }), endpointConfigName: configName(2), proof },
    now,
  );

it('makes a first version live, with what it was proven with', () => {
  const { statusChanges, event } = promote(null);

  expect(statusChanges).toEqual([{ version: 2, from: 'deploying', to: 'live', reason: null, served }]);
  expect(event.detail).toMatchObject({ version: 2, replaced: null, endpointName });
});

it('retires the version that was live, and says how to go back to it', () => {
  const { statusChanges, event } = promote(1);

  expect(statusChanges).toEqual([
    { version: 2, from: 'deploying', to: 'live', reason: null, served },
    { version: 1, from: 'live', to: 'retired', reason: 'Version 2 replaced it.' },
  ]);
  expect(event.detail).toMatchObject({
    replaced: 1,
    message:
      'Version 2 of flight-delay is live: the endpoint tidemark-dev-flight-delay answers 20 hold-out rows as recorded. ' +
      'It replaced version 1; to go back, deploy { "model": "flight-delay", "version": 1 }.',
  });
});

it('replaces nothing when the live version was deployed again', () => {
  const { statusChanges, event } = promote(2);

  expect(statusChanges).toEqual([{ version: 2, from: 'live', to: 'live', reason: null, served }]);
  expect(event.detail).toMatchObject({ replaced: null });
});
