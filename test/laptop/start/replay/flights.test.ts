import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelsCsv } from '../../../../laptop/start/replay/dropped-labels.ts';
import { readFlights } from '../../../../laptop/start/replay/flight-records.ts';
import { firstMonday, flightStory } from '../../../../laptop/start/replay/flight-traffic.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-flights-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const hour = { from: '2001-02-12T08:00', until: '2001-02-12T08:30' };

describe('readFlights', () => {
  it('gives what is known before the flight, apart from what became of it', async () => {
    const flights = await readFlights(join(directory, 'hour.parquet'), 'w', hour);

    const [first] = flights;
    expect(flights.length).toBeGreaterThan(100);
    expect(Object.keys(first?.record ?? {}).sort()).toEqual(['date', 'destination', 'distance', 'origin']);
    expect(first).toMatchObject({ inferenceId: 'w-000001', delay: expect.any(Number) });
    expect(first?.record.date).toBe('2001-02-12 08:00:00');
    expect(new Set(flights.map(({ inferenceId }) => inferenceId)).size).toBe(flights.length);
  });

  it('calls a flight the same at every reading', async () => {
    const once = await readFlights(join(directory, 'one.parquet'), 'w', hour);
    const again = await readFlights(join(directory, 'two.parquet'), 'w', hour);

    expect(again).toEqual(once);
  });
});

describe('labelsCsv', () => {
  it('names each prediction and its outcome', () => {
    const flights = [
      { inferenceId: 'w-000001', record: {}, delay: -3 },
      { inferenceId: 'w-000002', record: {}, delay: 48 },
    ];

    expect(labelsCsv(flights)).toBe('inference_id,label\nw-000001,-3\nw-000002,48\n');
  });
});

const { first, traffic } = flightStory(firstMonday);

describe('flightStory', () => {
  it('follow each other, and what the first version has learnt from, without a gap', () => {
    const starts = traffic.map(({ flights }) => flights.from);
    const ends = traffic.map(({ flights }) => flights.until);

    expect(starts).toEqual([first.until, ...ends.slice(0, -1)]);
  });

  it('are of the same airports at first, and of others from then on', () => {
    const sides = traffic.map(({ flights }) => flights.leaving);

    expect(sides[0]).toBe(first.leaving);
    expect(sides.slice(1).every((side) => side !== first.leaving)).toBe(true);
    expect(new Set(traffic.map(({ name }) => name)).size).toBe(traffic.length);
  });
});
