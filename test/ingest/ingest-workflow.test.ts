import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import type { Meddle } from '../support/machine.ts';
import { typos } from '../support/typos.ts';
import { IngestRegion } from './ingest-region.ts';
import { lateFlights } from './late-flights.ts';

let region: IngestRegion;
beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());

/** A model whose batches are complete after a quiet period: of 60 s, which take 0.15 s here. */
async function newQuietModel(ingestion: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return region.newFileModel({ ingestion: { complete: 'quiet-period', ...ingestion } });
}

/** The dataset that these files lead to when they come as one batch of another model. */
async function datasetIdOf(...files: readonly string[]): Promise<string | undefined> {
  const model = await newQuietModel();
  const events = [];
  for (const [index, file] of files.entries()) events.push(await region.drop(model, `${index}.csv`, file));
  await Promise.all(events.map((event) => region.run(event)));
  return (await region.dataset(model))?.datasetId;
}

describe('a batch that waits for quiet', () => {
  it('has all files that came at once, and is closed by one of their arrivals', async () => {
    const model = await newQuietModel();
    const events = [];
    for (let file = 0; file < 6; file += 1) {
      events.push(await region.drop(model, `${file}.csv`, lateFlights(file * 50, file * 50 + 50)));
    }

    const ends = await Promise.all(events.map((event) => region.run(event)));

    expect(ends.map(({ status }) => status)).toEqual(Array(6).fill('SUCCEEDED'));
    expect(ends.filter(({ states }) => states.includes('JudgeBatch'))).toHaveLength(1);
    expect(await region.dataset(model)).toMatchObject({ rows: 300, batchId: 'batch-00000001' });
    expect(await region.events(model)).toMatchObject([{ type: 'dataset.committed', detail: { rows: 300 } }]);
  });

  it('accepts the good files and rejects the bad one among them', async () => {
    const model = await newQuietModel();
    const events = [
      await region.drop(model, 'a.csv', lateFlights(0, 100)),
      await region.drop(model, 'deep/er/b.csv', 'flight,origin,distance,late\n1,2\n'),
      await region.drop(model, 'c.csv', lateFlights(100, 200)),
    ];

    await Promise.all(events.map((event) => region.run(event)));

    expect(await region.dataset(model)).toMatchObject({ rows: 200 });
    expect(await region.list(`incoming/${model}/`)).toEqual([
      `incoming/${model}/a.csv`,
      `incoming/${model}/c.csv`,
    ]);
    expect(await region.list(`quarantine/${model}/batch-00000001/files/`)).toEqual([
      `quarantine/${model}/batch-00000001/files/deep/er/b.csv`,
    ]);
    expect((await region.events(model)).map(({ type }) => type).toSorted()).toEqual([
      'data.rejected',
      'dataset.committed',
    ]);
  });

  it('holds a later file against the first one of its batch', async () => {
    const model = await newQuietModel();
    const events = [
      await region.drop(model, 'a.csv', lateFlights(0, 100)),
      await region.drop(model, 'b.csv', lateFlights(100, 200).replace('distance', 'miles')),
    ];

    await Promise.all(events.map((event) => region.run(event)));

    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
    const report = await region.text(`quarantine/${model}/batch-00000001/report.md`);
    expect(report).toMatch(/`distance` is missing; the file `incoming\/.*\/a\.csv` of this batch has it/);
    expect(report).toMatch(/1 column is new;.* New: `miles`\./);
  });
});

describe('the same file', () => {
  it('announced twice is taken once', async () => {
    const model = await region.newFileModel();
    const event = await region.drop(model, 'a.csv', lateFlights(0, 100));

    await region.run(event);
    const repeat = await region.run(event);

    expect(repeat.states).toEqual(['Begin', 'ClaimArrival', 'WhatFollows', 'NothingToDo']);
    expect(await region.events(model)).toHaveLength(1);
  });

  it('dropped again, under its name or another, is the same dataset, and nobody is told again', async () => {
    const model = await region.newFileModel();
    await region.run(await region.drop(model, 'a.csv', lateFlights(0, 100)));
    const first = await region.dataset(model);

    const again = await region.run(await region.drop(model, 'a.csv', lateFlights(0, 100)));
    const other = await region.run(await region.drop(model, 'copy.csv', lateFlights(0, 100)));

    expect([again.status, other.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    const last = await region.dataset(model);
    expect(last?.datasetId).toBe(first?.datasetId);
    expect(last?.parts.flatMap(({ sources }) => sources.map(({ key }) => key))).toEqual([
      `incoming/${model}/a.csv`,
      `incoming/${model}/copy.csv`,
    ]);
    expect(await region.events(model)).toHaveLength(1);
  });
});

describe('an overwritten file', () => {
  it('gives its place to the new version', async () => {
    const model = await region.newFileModel();
    await region.run(await region.drop(model, 'a.csv', lateFlights(0, 100)));
    await region.run(await region.drop(model, 'b.csv', lateFlights(100, 200)));

    await region.run(await region.drop(model, 'a.csv', lateFlights(500, 620)));

    expect(await region.dataset(model)).toMatchObject({
      rows: 220,
      datasetId: await datasetIdOf(lateFlights(100, 200), lateFlights(500, 620)),
    });
  });

  it('that is announced late does not come back', async () => {
    const model = await region.newFileModel();
    const older = await region.drop(model, 'a.csv', lateFlights(0, 100));
    const newer = await region.drop(model, 'a.csv', lateFlights(500, 620));

    await region.run(newer);
    const late = await region.run(older);

    expect(late).toMatchObject({ output: { message: expect.stringMatching(/has been overwritten since/) } });
    expect(await region.dataset(model)).toMatchObject({ rows: 120 });
  });

  it('keeps its older rows when the new version is bad', async () => {
    const model = await region.newFileModel();
    await region.run(await region.drop(model, 'a.csv', lateFlights(0, 100)));

    await region.run(await region.drop(model, 'a.csv', 'not,a\nflight\n'));

    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
    expect(await region.list(`incoming/${model}/`)).toEqual([]);
    expect(await region.versions(`incoming/${model}/a.csv`)).toBe(2);
  });

  it('is not hidden when it is mended while the older version is being rejected', async () => {
    const model = await region.newFileModel();
    const bad = await region.drop(model, 'a.csv', 'not,a\nflight\n');
    let mended: unknown;
    const meddle: Meddle = {
      async before(name) {
        if (name === 'QuarantineFiles') mended = await region.drop(model, 'a.csv', lateFlights(0, 100));
      },
    };

    await region.run(bad, meddle);
    await region.run(mended);

    expect(await region.list(`incoming/${model}/`)).toEqual([`incoming/${model}/a.csv`]);
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
  });
});

describe('a marker', () => {
  const marked = (more: Readonly<Record<string, unknown>> = {}) =>
    region.newFileModel({ ingestion: { complete: 'marker', ...more } });

  it('completes its folder as it is, whatever events are still under way', async () => {
    const model = await marked();
    const early = await region.drop(model, 'may/part-0.csv', lateFlights(0, 100));
    const late = await region.drop(model, 'may/country=US/part-1.csv', lateFlights(100, 200));
    await region.drop(model, 'june/part-0.csv', lateFlights(200, 300));
    await region.drop(model, 'may/_temporary/part-9.csv', lateFlights(300, 400));

    await region.run(early);
    await region.run(await region.drop(model, 'may/_SUCCESS', ''));
    await region.run(late);

    expect(await region.dataset(model)).toMatchObject({ rows: 200, batchId: 'batch-00000001' });
    expect(await region.events(model)).toHaveLength(1);
  });

  it('that comes again completes what its folder has then', async () => {
    const model = await marked();
    await region.drop(model, 'may/a.csv', lateFlights(0, 100));
    await region.run(await region.drop(model, 'may/_SUCCESS', ''));
    await region.drop(model, 'may/a.csv', lateFlights(50, 150));
    await region.drop(model, 'may/b.csv', lateFlights(200, 300));

    await region.run(await region.drop(model, 'may/_SUCCESS', ''));

    expect(await region.dataset(model)).toMatchObject({ rows: 200, batchId: 'batch-00000002' });
  });

  it('of another name is obeyed', async () => {
    const model = await marked({ marker: 'done.txt' });
    await region.drop(model, 'a.csv', lateFlights(0, 100));

    await region.run(await region.drop(model, '_SUCCESS', ''));
    expect(await region.dataset(model)).toBeUndefined();
    await region.run(await region.drop(model, 'done.txt', 'yes'));

    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
  });

  it('in an empty folder is reported', async () => {
    const model = await marked();

    await region.run(await region.drop(model, 'may/_SUCCESS', ''));

    expect(await region.events(model)).toMatchObject([
      { type: 'data.rejected', detail: { reasons: [{ check: 'no-files' }] } },
    ]);
  });
});

describe('files of a model that does not exist yet', () => {
  it('wait, and say so once', async () => {
    const model = region.newModel();
    const event = await region.drop(model, 'a.csv', lateFlights(0, 100));

    await region.run(event);
    await region.run(event);

    expect(await region.events(model)).toMatchObject([
      {
        type: 'data.waiting',
        detail: {
          key: `incoming/${model}/a.csv`,
          message: expect.stringMatching(/Drop definitions\/.*\.yaml/),
        },
      },
    ]);
    expect(await region.list(`incoming/${model}/`)).toEqual([`incoming/${model}/a.csv`]);
  });

  it.each(['quiet-period', 'each-file'])(
    'are taken up together when it does (%s), once',
    async (complete) => {
      const model = region.newModel();
      const events = [
        await region.drop(model, 'a.csv', lateFlights(0, 100)),
        await region.drop(model, 'b.csv', lateFlights(100, 200)),
      ];
      await region.run(events[0]);
      const onboarded = await region.onboard({
        name: model,
        problem: 'binary',
        target: 'late',
        ingestion: { complete, minimumRows: 50 },
      });

      await Promise.all([region.run(onboarded), region.run(onboarded)]);
      // The second file's own event comes only now.
      await region.run(events[1]);

      expect(await region.dataset(model)).toMatchObject({
        rows: 200,
        batchId: expect.stringMatching(/^batch-0000000[12]$/),
      });
      expect((await region.events(model)).map(({ type }) => type)).toEqual([
        'data.waiting',
        'dataset.committed',
      ]);
    },
  );

  it('are taken up as far as markers complete them', async () => {
    const model = region.newModel();
    await region.drop(model, 'may/a.csv', lateFlights(0, 100));
    await region.drop(model, 'may/_SUCCESS', '');
    await region.drop(model, 'june/a.csv', lateFlights(100, 200));
    const ingestion = { complete: 'marker', minimumRows: 50 };

    await region.run(await region.onboard({ name: model, problem: 'binary', target: 'late', ingestion }));

    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
  });

  it('are no news when there are none', async () => {
    const model = region.newModel();

    const end = await region.run(await region.onboard({ name: model, problem: 'binary', target: 'late' }));

    expect(end).toMatchObject({ output: { message: `No files wait for ${model}.` } });
    expect(await region.events(model)).toEqual([]);
  });

  it.each([
    ['', 'a.csv', /is not in the folder of a model/],
    ['x/', `${'long/'.repeat(180)}a.csv`, /more than 900 bytes/],
  ])('may be misplaced (%s…), which is said too', async (folder, name, says) => {
    const event = await region.dropAt(`incoming/${folder}${name}`, lateFlights(0, 10));

    const end = await region.run(event);

    expect(end.states).toContain('AnnounceWaitingFile');
    expect(end).toMatchObject({ output: { message: expect.stringMatching(says) } });
  });
});

describe('what tools leave behind', () => {
  it.each(['folder/', '.DS_Store', '_delta_log/0.json', 'a/.part-0.crc'])('is not data: %s', async (path) => {
    const model = await region.newFileModel();

    const end = await region.run(await region.drop(model, path, ''));

    expect(end.states).toEqual(['Begin', 'ClaimArrival', 'WhatFollows', 'NothingToDo']);
    expect(await region.events(model)).toEqual([]);
  });
});

describe('against the last accepted schema', () => {
  const withDataset = async (more: Readonly<Record<string, unknown>> = {}) => {
    const model = await region.newFileModel(more);
    await region.run(await region.drop(model, 'first.csv', lateFlights(0, 100)));
    return model;
  };

  it.each([
    {
      what: 'a column that is missing',
      change: (csv: string) => csv.replaceAll(/,(distance|\d+),/g, ','),
      check: 'schema-missing-column',
    },
    {
      what: 'a column that is new',
      change: (csv: string) => csv.replaceAll('\n', ',1\n').replace(',1\n', ',extra\n'),
      check: 'schema-extra-column',
    },
    {
      what: 'values of another type',
      change: (csv: string) => csv.replace(/\n120,(.*?),(\d+),/, '\n120,$1,far,'),
      check: 'schema-type',
    },
    {
      what: 'a class that was not there',
      change: (csv: string) => csv.replaceAll('true', '"cancelled"').replaceAll('false', '"flown"'),
      check: 'schema-type',
    },
    {
      what: 'gaps where none were',
      change: (csv: string) => csv.replaceAll(/,(SFO|OAK|SJC),/g, ',,'),
      check: 'completeness',
    },
  ])('$what is rejected', async ({ change, check }) => {
    const model = await withDataset();

    await region.run(await region.drop(model, 'second.csv', change(lateFlights(100, 200))));

    const [, event] = await region.events(model);
    expect(event).toMatchObject({ type: 'data.rejected', detail: { reasons: [{ check }] } });
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
  });

  it('numbers are accepted where integers were, and integers where numbers were', async () => {
    const model = await withDataset();

    await region.run(
      await region.drop(
        model,
        'second.csv',
        lateFlights(100, 200).replace(/\n150,(.*?),(\d+),/, '\n150,$1,$2.25,'),
      ),
    );
    await region.run(await region.drop(model, 'third.csv', lateFlights(200, 300)));

    const dataset = await region.dataset(model);
    expect(dataset?.columns).toContainEqual({ name: 'distance', type: 'number' });
    const distances = (await region.rows(model)).map(({ flight, distance }) => [flight, distance]);
    expect(distances).toHaveLength(300);
    expect(distances).toContainEqual(['0', 100]);
    expect(distances).toContainEqual(['150', 100 + ((150 * 37) % 900) + 0.25]);
  });

  it('digits are read as text where text was', async () => {
    const model = await region.newFileModel();
    const codes = (prefix: string, from: number) =>
      [
        'code,late',
        ...Array.from({ length: 60 }, (_, row) => `${prefix}${from + row},${row % 2 === 0}`),
      ].join('\n');
    await region.run(await region.drop(model, 'a.csv', codes('X', 0)));

    await region.run(await region.drop(model, 'b.csv', codes('', 100)));

    expect(await region.dataset(model)).toMatchObject({
      rows: 120,
      columns: [{ name: 'code', type: 'string' }, { name: 'late' }],
    });
  });

  it('other classes of a binary target are rejected', async () => {
    const model = await region.newFileModel();
    const answers = (...two: string[]) =>
      ['n,late', ...Array.from({ length: 80 }, (_, row) => `${row},${two[row % 2]}`)].join('\n');
    await region.run(await region.drop(model, 'a.csv', answers('yes', 'no')));

    await region.run(
      await region.drop(model, 'b.csv', answers('yes', 'cancelled').replaceAll(/^(\d)/gm, '1$1')),
    );

    const [, event] = await region.events(model);
    expect(event).toMatchObject({ type: 'data.rejected', detail: { reasons: [{ check: 'class-change' }] } });
  });
});

describe('a batch that replaces', () => {
  const replacing = () => newQuietModel({ mode: 'replace' });

  it('is the whole dataset, and may have a new column', async () => {
    const model = await replacing();
    await region.run(await region.drop(model, 'a.csv', lateFlights(0, 100)));

    await region.run(
      await region.drop(
        model,
        'b.csv',
        lateFlights(100, 160).replaceAll('\n', ',1\n').replace(',1\n', ',extra\n'),
      ),
    );

    expect(await region.dataset(model)).toMatchObject({ rows: 60, extends: null, columns: { length: 5 } });
  });

  it('is rejected as a whole when one of its files is bad', async () => {
    const model = await replacing();
    await region.run(await region.drop(model, 'a.csv', lateFlights(0, 100)));
    const events = [
      await region.drop(model, 'b.csv', lateFlights(100, 200)),
      await region.drop(model, 'c.csv', 'flight,origin\n1\n'),
    ];

    await Promise.all(events.map((event) => region.run(event)));

    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
    const report = await region.text(`quarantine/${model}/batch-00000002/report.md`);
    expect(report).toMatch(/1 file of 2 cannot be accepted/);
    expect(report).toMatch(/## Good by themselves\n\n- `incoming\/.*\/b\.csv`/);
  });

  it('does not undo a newer one when it comes late', async () => {
    const model = await region.newFileModel({ ingestion: { mode: 'replace' } });
    await region.run(await region.drop(model, 'a.csv', lateFlights(0, 100)));
    const older = await region.drop(model, 'b.csv', lateFlights(100, 200));
    const newer = await region.drop(model, 'c.csv', lateFlights(0, 100));
    const meddle: Meddle = {
      async before(name) {
        // The newer batch has the rows that are there already: it changes nothing, and still comes after the older one.
        if (name === 'CommitDataset') await region.run(newer);
      },
    };

    const end = await region.run(older, meddle);

    expect(end.status).toBe('SUCCEEDED');
    expect(await region.dataset(model)).toMatchObject({ rows: 100, batchId: 'batch-00000003' });
  });
});

describe('two batches at once', () => {
  it('are both in the dataset: who comes second is judged again', async () => {
    const model = await region.newFileModel();
    const [one, other] = [
      await region.drop(model, 'a.csv', lateFlights(0, 100)),
      await region.drop(model, 'b.csv', lateFlights(100, 200)),
    ];
    const meddle: Meddle = {
      async before(name) {
        if (name === 'CommitDataset' && (await region.dataset(model)) === undefined) await region.run(other);
      },
    };

    const end = await region.run(one, meddle);

    expect(end.states.filter((state) => state === 'JudgeBatch')).toHaveLength(2);
    expect(await region.dataset(model)).toMatchObject({
      rows: 200,
      datasetId: await datasetIdOf(lateFlights(0, 100), lateFlights(100, 200)),
    });
    expect(await region.events(model)).toHaveLength(2);
  });

  it('that do not agree on the schema: who comes second is rejected', async () => {
    const model = await region.newFileModel();
    const one = await region.drop(model, 'a.csv', lateFlights(0, 100));
    const other = await region.drop(model, 'b.csv', lateFlights(100, 200).replace('distance', 'miles'));
    const meddle: Meddle = {
      async before(name) {
        if (name === 'CommitDataset' && (await region.dataset(model)) === undefined) await region.run(other);
      },
    };

    const end = await region.run(one, meddle);

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { accepted: 0, rejected: 1 } });
    expect((await region.dataset(model))?.columns.map(({ name }) => name)).toContain('miles');
    expect(await region.list(`quarantine/${model}/batch-00000001/files/`)).toHaveLength(1);
  });
});

describe('when', () => {
  const functions = [
    'ClaimArrival',
    'CloseBatch',
    'ValidateFiles',
    'JudgeBatch',
    'CommitDataset',
    'QuarantineFiles',
  ] as const;

  it.each(functions)('the answer of %s is lost, its retry comes to the same end', async (lost) => {
    const model = await newQuietModel();
    const events = [
      await region.drop(model, 'good.csv', lateFlights(0, 100)),
      await region.drop(model, 'bad.csv', 'flight\n'),
    ];
    let left = 1;
    const meddle: Meddle = {
      after(name) {
        if (name !== lost || left === 0) return;
        left -= 1;
        throw new StateError('States.Timeout', 'The answer did not arrive.');
      },
    };

    const ends = await Promise.all(events.map((event) => region.run(event, meddle)));

    expect(left).toBe(0);
    expect(ends.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
    // A new execution may say what was said before; the ids show that it is the same.
    const told = new Map((await region.events(model)).map(({ type, detail }) => [detail.eventId, type]));
    expect([...told.values()].toSorted()).toEqual(['data.rejected', 'dataset.committed']);
    expect(await region.list(`incoming/${model}/`)).toEqual([`incoming/${model}/good.csv`]);
  });

  it.each(functions)('%s fails for good, a new execution with the batch goes on', async (failing) => {
    const model = await newQuietModel();
    const event = await region.drop(model, 'good.csv', lateFlights(0, 100));
    const bad = await region.drop(model, 'bad.csv', 'flight\n');
    const meddle: Meddle = {
      before(name) {
        if (name === failing) throw new StateError('InvariantError', 'A defect.');
      },
    };
    const ends = await Promise.all([event, bad].map((each) => region.run(each, meddle)));
    expect(ends.map(({ status }) => status)).toContain('FAILED');

    // Before the claim nothing is known of the files: their events are what there is to go on with.
    const again = failing === 'ClaimArrival' ? [event, bad] : [{ model, batchId: 'batch-00000001' }];
    const next = await Promise.all(again.map((each) => region.run(each)));

    expect(next.map(({ status }) => status)).not.toContain('FAILED');
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
    // A new execution may say what was said before; the ids show that it is the same.
    const told = new Map((await region.events(model)).map(({ type, detail }) => [detail.eventId, type]));
    expect([...told.values()].toSorted()).toEqual(['data.rejected', 'dataset.committed']);
    expect(await region.list(`incoming/${model}/`)).toEqual([`incoming/${model}/good.csv`]);
  });

  it('a person names a batch that there is not, or no model, it is refused and says so', async () => {
    const model = await region.newFileModel();

    expect(await region.run({ model, batchId: 'batch-00000009' })).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(/has no batch batch-00000009/) },
    });
    expect(await region.run({ model: 'nobody', batchId: 'batch-00000009' })).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(/nobody/) },
    });
  });

  it.each(typos)('a person types %j, it is refused, which alarms nobody', async (typed) => {
    expect(await region.run(typed)).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        outcome: 'refused',
        message: expect.stringMatching(/^The input is neither an event nor like/),
      },
    });
  });

  it('time runs out, validation goes on with the files that are left', async () => {
    const model = await newQuietModel();
    const events = [];
    for (let file = 0; file < 4; file += 1) {
      events.push(await region.drop(model, `${file}.csv`, lateFlights(file * 50, file * 50 + 50)));
    }
    // A function sees its whole time when it starts, and almost none ever after.
    let asked = 0;
    const meddle: Meddle = {
      before() {
        asked = 0;
      },
      remaining: () => (asked++ === 0 ? 900_000 : 1000),
    };

    const ends = await Promise.all(events.map((event) => region.run(event, meddle)));

    const closing = ends.find(({ states }) => states.includes('JudgeBatch'));
    expect(closing?.states.filter((state) => state === 'ValidateFiles')).toHaveLength(4);
    expect(await region.dataset(model)).toMatchObject({ rows: 200 });
  });
});
