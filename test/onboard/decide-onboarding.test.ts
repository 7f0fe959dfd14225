import { type Definition, definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { definitionHash } from '@tidemark/domain/definition/definition-hash.ts';
import { hashOfClass } from '@tidemark/domain/registry/class-hash.ts';
import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, decideOnboarding } from '../../functions/onboard/decide-onboarding.ts';
import { modelRecord, retired } from '../support/registry.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const lease = (until: string): ModelRecord['lease'] => ({ owner: 'run-1', purpose: 'train', until });

function define(more: Record<string, unknown> = {}): Definition {
  return definitionSchema.parse({ name: 'churn', problem: 'binary', target: 'outcome', ...more });
}
function candidate(definition: Definition, sequencer = '02'): Candidate {
  return { definition, hash: definitionHash(definition), sequencer };
}
const seen = (more: Partial<ModelRecord> = {}) => modelRecord('churn', more);

describe('a definition that was dropped', () => {
  it('makes a new model', () => {
    expect(decideOnboarding(undefined, candidate(define()), now)).toEqual({ kind: 'create' });
  });

  it('updates a model, live or not, leased or not, as long as it predicts the same', () => {
    const changed = candidate(define({ training: { spot: true } }));
    const records = [seen(), seen({ liveVersion: 3 }), seen({ lease: lease('2026-03-01T13:00:00.000Z') })];

    for (const record of records) {
      expect(decideOnboarding(record, changed, now)).toEqual({
        kind: 'update',
        seen: record,
        meansOtherwise: false,
        transition: 'none',
      });
    }
  });

  it('changes nothing when it says what was said, even in a newer version', () => {
    expect(decideOnboarding(seen(), candidate(define()), now)).toEqual({ kind: 'unchanged', seen: seen() });
  });

  it('is stale when a newer version of the file has been read', () => {
    const older = candidate(define({ training: { spot: true } }), '00');

    expect(decideOnboarding(seen(), older, now)).toEqual({ kind: 'stale' });
  });
});

describe('a definition that spells out which class counts as yes', () => {
  const target = (positive?: string) => ({
    target: positive === undefined ? 'outcome' : { column: 'outcome', positive },
  });
  const decide = (from: string | undefined, to: string | undefined, live: string | null) => {
    const definition = define(target(from));
    const record = seen({ liveVersion: 4, definition, definitionHash: definitionHash(definition) });
    const candidateHash = live === null ? null : hashOfClass(live);
    return decideOnboarding(record, candidate(define(target(to))), now, candidateHash).kind;
  };

  it.each([
    {
      title: 'as the order of the classes has it',
      from: undefined,
      to: 'paid',
      live: 'paid',
      kind: 'update',
    },
    { title: 'no more, as the order has it', from: 'paid', to: undefined, live: 'paid', kind: 'update' },
    { title: 'as the other one', from: undefined, to: 'open', live: 'paid', kind: 'refused' },
    { title: 'in other letters', from: undefined, to: 'Paid', live: 'paid', kind: 'refused' },
    { title: 'as another than before', from: 'open', to: 'paid', live: 'open', kind: 'refused' },
    { title: 'which is not known of the version', from: undefined, to: 'paid', live: null, kind: 'refused' },
  ])('$title: $kind', ({ from, to, live, kind }) => {
    expect(decide(from, to, live)).toBe(kind);
  });
});

describe('a definition that predicts something else', () => {
  const changes = [
    { field: 'problem', more: { problem: 'multiclass' }, what: 'from binary to multiclass' },
    { field: 'target', more: { target: 'other' }, what: 'from outcome to other' },
    {
      field: 'target',
      more: { target: { column: 'outcome', above: 1 } },
      what: 'from outcome to outcome above 1',
    },
    {
      field: 'target',
      more: { target: { column: 'outcome', positive: 'yes' } },
      what: 'from outcome to outcome = yes',
    },
  ] as const;

  it.each(changes)('may while nobody relies on the model: $what', ({ more }) => {
    for (const record of [seen(), seen({ lease: lease('2026-03-01T12:00:00.000Z') })]) {
      expect(decideOnboarding(record, candidate(define(more)), now)).toEqual({
        kind: 'update',
        seen: record,
        meansOtherwise: true,
        transition: 'none',
      });
    }
  });

  it.each(changes)('is refused while a version is live: $what', ({ field, more, what }) => {
    const decision = decideOnboarding(seen({ liveVersion: 4 }), candidate(define(more)), now);

    expect(decision).toEqual({
      kind: 'refused',
      findings: [
        {
          path: [field],
          what: `\`${field}\` cannot change ${what}: version 4 is live, and its callers would get other answers under the same name.`,
          remedy: expect.stringContaining('a name of its own, such as churn-2'),
        },
      ],
    });
  });

  it('is refused while a version is in the making, with the time when that ends at the latest', () => {
    const record = seen({ lease: lease('2026-03-01T13:00:00.000Z') });

    expect(decideOnboarding(record, candidate(define({ target: 'other' })), now)).toMatchObject({
      kind: 'refused',
      findings: [
        {
          what: expect.stringContaining('run-1 has the model, to train it'),
          remedy: expect.stringContaining('2026-03-01T13:00:00.000Z'),
        },
      ],
    });
  });

  it('is refused for each field that changes', () => {
    const both = candidate(define({ problem: 'regression', target: 'other' }));

    expect(decideOnboarding(seen({ liveVersion: 1 }), both, now)).toMatchObject({
      findings: [{ path: ['problem'] }, { path: ['target'] }],
    });
  });
});

describe('a definition that changes the lifecycle', () => {
  const dormant = define({ lifecycle: 'retired' });

  it('retires a model, live or not, leased or not', () => {
    for (const record of [
      seen(),
      seen({ liveVersion: 3 }),
      seen({ lease: lease('2026-03-01T13:00:00.000Z') }),
    ]) {
      expect(decideOnboarding(record, candidate(dormant), now)).toMatchObject({
        kind: 'update',
        transition: 'retires',
      });
    }
  });

  it('reactivates a model, also with other changes', () => {
    const changed = candidate(define({ training: { spot: true } }));

    expect(decideOnboarding(retired(seen()), changed, now)).toMatchObject({
      kind: 'update',
      transition: 'reactivates',
    });
  });

  it('makes a new model that is retired from the start', () => {
    expect(decideOnboarding(undefined, candidate(dormant), now)).toEqual({ kind: 'create' });
  });

  it('changes nothing when it is put again', () => {
    expect(decideOnboarding(retired(seen()), candidate(dormant), now).kind).toBe('unchanged');
  });

  it('does not change what a retired model predicts that is to be live again', () => {
    const record = retired(seen({ restoreVersion: 3 }));

    expect(decideOnboarding(record, candidate(define({ target: 'other' })), now)).toMatchObject({
      kind: 'refused',
      findings: [{ what: expect.stringContaining('version 3 is live again when the model is active') }],
    });
  });
});

describe('the versions of a file, announced late, twice and in any order', () => {
  it('end with the newest', () => {
    const versions = ['10', '11', '12', '13'].map((sequencer, index) =>
      // The third says what the first said, so that an unchanged version must keep its place, too.
      candidate(define({ description: `${index % 2}` }), sequencer),
    );
    const deliveries = fc
      .array(fc.constantFrom(...versions), { maxLength: 6 })
      .chain((repeats) =>
        fc.shuffledSubarray([...versions, ...repeats], { minLength: versions.length + repeats.length }),
      );

    fc.assert(
      fc.property(deliveries, (delivered) => {
        let record: ModelRecord | undefined;
        for (const version of delivered) {
          const { definition, hash, sequencer } = version;
          const decision = decideOnboarding(record, version, now);
          if (decision.kind === 'stale') continue;
          const place = { definitionSequencer: sequencer };
          record =
            decision.kind === 'unchanged'
              ? { ...decision.seen, ...place }
              : seen({ ...record, ...place, definition, definitionHash: hash });
        }
        expect(record).toMatchObject({ definitionHash: versions[3]?.hash, definitionSequencer: '13' });
      }),
    );
  });
});
