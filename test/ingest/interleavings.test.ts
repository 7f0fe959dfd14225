import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runsOf } from '../support/sweep.ts';
import { IngestRegion } from './ingest-region.ts';
import { lateFlights } from './late-flights.ts';

let region: IngestRegion;
beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());

/** A file as it is put: under which key, with which of a few contents. */
interface Drop {
  readonly key: string;
  readonly content: number;
}

/** When an event comes, and with which others at the same time. */
interface Delivery {
  readonly drop: number;
  readonly round: number;
}

const rowsPerContent = 50;
const contentOf = (content: number) => lateFlights(content * rowsPerContent, (content + 1) * rowsPerContent);

/** Drops, and events of them: each at least once, in any order, some at the same time. */
const stories = fc
  .array(fc.record({ key: fc.constantFrom('a.csv', 'b.csv', 'c/d.csv'), content: fc.nat(3) }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((drops) =>
    fc.record({
      drops: fc.constant(drops),
      deliveries: fc
        .tuple(
          ...drops.map((_, drop) =>
            fc
              .array(fc.nat(2), { minLength: 1, maxLength: 2 })
              .map((rounds) => rounds.map((round) => ({ drop, round }))),
          ),
        )
        .map((each): Delivery[] => each.flat()),
      complete: fc.constantFrom('quiet-period', 'each-file'),
    }),
  );

async function play({
  drops,
  deliveries,
  complete,
}: {
  drops: Drop[];
  deliveries: Delivery[];
  complete: string;
}) {
  const model = await region.newFileModel({ ingestion: { complete } });
  const events: unknown[] = [];
  for (const { key, content } of drops) events.push(await region.drop(model, key, contentOf(content)));
  for (const round of [0, 1, 2]) {
    const some = deliveries.filter((delivery) => delivery.round === round);
    const ends = await Promise.all(some.map(({ drop }) => region.run(events[drop])));
    expect(ends.map(({ status, cause }) => cause ?? status)).toEqual(ends.map(() => 'SUCCEEDED'));
  }
  return { model, versions: events.map((event) => Object(event).detail.object['version-id']) };
}

describe('however events of dropped files come, repeated, in disorder or at the same time,', () => {
  it('the dataset has the newest version of every file, and each content once', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const { model, versions } = await play(story);

        const newest = new Map(
          story.drops.map(({ key, content }, index) => [key, { content, version: versions[index] }]),
        );
        const dataset = await region.dataset(model);
        const sources = dataset?.parts.flatMap((part) => part.sources) ?? [];
        expect(Object.fromEntries(sources.map(({ key, versionId }) => [key, versionId]))).toEqual(
          Object.fromEntries([...newest].map(([key, { version }]) => [`incoming/${model}/${key}`, version])),
        );
        const contents = new Set([...newest.values()].map(({ content }) => content));
        expect(dataset?.parts).toHaveLength(contents.size);
        const flights = (await region.rows(model))
          .map(({ flight }) => Number(flight))
          .toSorted((a, b) => a - b);
        expect(flights).toEqual(
          [...contents]
            .toSorted()
            .flatMap((content) =>
              Array.from({ length: rowsPerContent }, (_, row) => content * rowsPerContent + row),
            ),
        );
        // Nobody is told of a dataset twice in a row, nor of anything else.
        const told = await region.events(model);
        expect(new Set(told.map(({ type }) => type))).toEqual(new Set(['dataset.committed']));
        expect(new Set(told.map(({ detail }) => detail.eventId)).size).toBe(told.length);
      }),
      {
        // Each story is a handful of whole executions.
        numRuns: runsOf(5, 12),
        // Once lost the newest version of b: its rows were there under another key, so only the manifest's sources changed.
        examples: [
          [
            {
              drops: [
                { key: 'b.csv', content: 2 },
                { key: 'b.csv', content: 3 },
                { key: 'c/d.csv', content: 3 },
              ],
              deliveries: [
                { drop: 2, round: 0 },
                { drop: 0, round: 1 },
                { drop: 1, round: 1 },
              ],
              complete: 'each-file',
            },
          ],
        ],
      },
    );
  });
});
