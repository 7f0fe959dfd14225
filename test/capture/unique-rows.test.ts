import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniqueRows } from '../../functions/capture/unique-rows.ts';

function row(inferenceId: string, by: 'function' | 'endpoint', minute = 0): MonitoredRow {
  return {
    inferenceId,
    time: `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z`,
    version: 1,
    values: [by, minute],
    prediction: [minute],
    record: by === 'function' ? {} : null,
  };
}

describe('a prediction that was captured twice', () => {
  it.each([
    ['by Firehose, at least once', [row('a', 'function'), row('a', 'function')], row('a', 'function')],
    [
      'by function and SageMaker',
      [row('a', 'endpoint', 1), row('a', 'function', 2)],
      row('a', 'function', 2),
    ],
    [
      'by SageMaker and function',
      [row('a', 'function', 2), row('a', 'endpoint', 1)],
      row('a', 'function', 2),
    ],
    [
      'because its caller asked again',
      [row('a', 'function', 5), row('a', 'function', 3)],
      row('a', 'function', 3),
    ],
  ])('%s counts once', (_, rows, expected) => {
    expect(uniqueRows(rows)).toEqual({ rows: [expected], duplicates: 1 });
  });

  it('is the same one whatever the order of the captures', () => {
    const some = fc.array(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('function', 'endpoint'), fc.nat(3))
        .map(([id, by, minute]) => row(id, by as 'function' | 'endpoint', minute)),
      { maxLength: 12 },
    );
    const byId = (rows: readonly MonitoredRow[]) => new Map(rows.map((each) => [each.inferenceId, each]));

    fc.assert(
      fc.property(some, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (rows, chance) => {
        const shuffled = rows
          .map((each) => ({ each, place: chance.next().value ?? 0 }))
          .sort((one, other) => one.place - other.place)
          .map(({ each }) => each);

        expect(byId(uniqueRows(shuffled).rows)).toEqual(byId(uniqueRows(rows).rows));
        expect(uniqueRows(rows).rows.length + uniqueRows(rows).duplicates).toBe(rows.length);
      }),
    );
  });
});
