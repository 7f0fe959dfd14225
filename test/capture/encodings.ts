import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { encodedColumnsOf } from '@tidemark/domain/datasets/encoding.ts';
import fc from 'fast-check';

/** An encoding of these features for a model that says whether a flight is delayed. */
export function encodingOf(...features: FeatureEncoding[]): Encoding {
  return {
    schemaVersion: 1,
    model: 'flight-delay',
    problem: 'binary',
    target: { column: 'delay', above: 15, classes: ['at most 15', 'above 15'] },
    features,
    encodedColumns: features.flatMap(encodedColumnsOf),
  };
}

export const distance: FeatureEncoding = { kind: 'number', column: 'distance' };
export const international: FeatureEncoding = { kind: 'boolean', column: 'international' };
export const origin = {
  kind: 'category',
  column: 'origin',
  // OAK and SFO share a code; of LAX and the unknown ones the code is the same.
  values: { SFO: 0.25, OAK: 0.25, JFK: 0.5, LAX: 0.4 },
  other: 0.4,
  method: 'target-mean',
} satisfies FeatureEncoding;
export const date: FeatureEncoding = { kind: 'time', column: 'date', parts: ['hour', 'day-of-week'] };

const categoryNames = fc.oneof(
  fc
    .string({ minLength: 1, maxLength: 8 })
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== '__proto__'),
  fc.constantFrom('constructor', '(other)', 'toString', 'SFO', '東京'),
);

/** Features of any kind, with codes that categories often share. */
const features: fc.Arbitrary<FeatureEncoding> = fc.oneof(
  fc.record({ kind: fc.constant('number' as const), column: fc.string() }),
  fc.record({ kind: fc.constant('boolean' as const), column: fc.string() }),
  fc.record({
    kind: fc.constant('time' as const),
    column: fc.string(),
    parts: fc.subarray(['hour', 'day-of-week', 'day-of-month', 'month', 'day-of-year'] as const, {
      minLength: 1,
    }),
  }),
  fc.record({
    kind: fc.constant('category' as const),
    column: fc.string(),
    values: fc.dictionary(categoryNames, fc.constantFrom(0, 1, 0.1, 0.123456789, 0.3, 2)),
    other: fc.constantFrom(0, 0.3, 0.55),
    method: fc.constant('target-mean' as const),
  }),
);

/** Encodings of one to eight columns; one with a lone encoded column has it twice, as training writes it. */
export const encodings: fc.Arbitrary<Encoding> = fc
  .uniqueArray(features, { minLength: 1, maxLength: 8, selector: ({ column }) => column })
  .map((some) =>
    some.flatMap(encodedColumnsOf).length === 1 ? encodingOf(...some, ...some) : encodingOf(...some),
  );

/** The largest 32-bit float. */
const float32Max = 2 ** 128 - 2 ** 104;

/** What a caller may send for a feature. */
function sentValue(feature: FeatureEncoding): fc.Arbitrary<unknown> {
  switch (feature.kind) {
    case 'number':
      return fc.double({ noNaN: true, min: -float32Max, max: float32Max });
    case 'boolean':
      return fc.boolean();
    case 'time':
      return fc.integer({ min: 0, max: 4e12 }).map((milliseconds) => new Date(milliseconds).toISOString());
    case 'category':
      return fc.oneof(categoryNames, fc.constantFrom(...Object.keys(feature.values), 'never seen'));
  }
}

/** Raw records for an encoding; some columns are missing or absent. */
export function recordsOf({ features }: Encoding): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .tuple(...features.map((feature) => fc.option(sentValue(feature))))
    .map((values) => Object.fromEntries(features.map(({ column }, index) => [column, values[index]])));
}
