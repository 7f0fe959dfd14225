import type { VersionStatus } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { type Admission, decideAdmission } from '../../functions/deploy/admission.ts';
import { modelRecord, retired } from '../support/registry.ts';
import { versionRecord } from './deploy-records.ts';

const modelWith = (liveVersion: number | null) => modelRecord('flight-delay', { liveVersion });

const byStatus: { status: VersionStatus; event: Admission['kind']; person: Admission['kind'] }[] = [
  { status: 'candidate', event: 'refused', person: 'refused' },
  { status: 'rejected', event: 'refused', person: 'refused' },
  { status: 'approved', event: 'admitted', person: 'admitted' },
  { status: 'deploying', event: 'admitted', person: 'admitted' },
  { status: 'live', event: 'unneeded', person: 'admitted' },
  { status: 'retired', event: 'unneeded', person: 'admitted' },
  { status: 'deploy-failed', event: 'unneeded', person: 'admitted' },
];

describe('a version', () => {
  it.each(byStatus)(
    'that is $status: $event by an approval, $person by a person',
    ({ status, event, person }) => {
      const version = versionRecord(3, { status });

      expect(decideAdmission({ by: 'event' }, modelWith(2), version).kind).toBe(event);
      expect(decideAdmission({ by: 'person' }, modelWith(2), version).kind).toBe(person);
    },
  );

  it('that was rejected is refused with what to do', () => {
    const admission = decideAdmission(
      { by: 'person' },
      modelWith(null),
      versionRecord(3, { status: 'rejected' }),
    );

    expect(admission).toMatchObject({
      message:
        'Version 3 of flight-delay is rejected, and only a version that passed its gates can be deployed. Name another version, or train a better one.',
    });
  });
});

describe('of a retired model', () => {
  it.each(byStatus)('a version that is $status is skipped after its approval', ({ status }) => {
    const model = retired(modelWith(2));

    expect(decideAdmission({ by: 'event' }, model, versionRecord(3, { status }))).toEqual({
      kind: 'skipped',
      message:
        'Version 3 of flight-delay is not deployed. flight-delay is retired: its definition says `lifecycle: retired`. ' +
        'To bring it back, put definitions/flight-delay.yaml again with `lifecycle: active`.',
    });
  });

  it('no version is deployed for a person either, who is told why', () => {
    const admission = decideAdmission({ by: 'person' }, retired(modelWith(2)), versionRecord(3));

    expect(admission).toMatchObject({ kind: 'refused', message: expect.stringContaining('is retired') });
  });
});

describe('an approval', () => {
  it.each([
    { title: 'that was compared with the live version', comparedWith: 2, liveVersion: 2 },
    { title: 'of a first version', comparedWith: null, liveVersion: null },
    { title: 'that could not be compared', comparedWith: null, liveVersion: 2 },
    { title: 'when nothing is live any more', comparedWith: 2, liveVersion: null },
  ])('$title is admitted', ({ comparedWith, liveVersion }) => {
    const version = versionRecord(3, { comparedWith });

    expect(decideAdmission({ by: 'event' }, modelWith(liveVersion), version).kind).toBe('admitted');
  });

  it('that was compared with a version that is no longer live is refused, unless a person insists', () => {
    const version = versionRecord(4, { comparedWith: 2 });

    expect(decideAdmission({ by: 'event' }, modelWith(3), version)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/comparison with version 2, but version 3 has gone live/),
    });
    expect(decideAdmission({ by: 'person' }, modelWith(3), version).kind).toBe('admitted');
  });
});
