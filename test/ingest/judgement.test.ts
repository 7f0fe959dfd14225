import { inOrder } from '@tidemark/domain/datasets/in-order.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { mergeProfiles } from '@tidemark/statistics/profile/merge-profiles.ts';
import type { Profile } from '@tidemark/statistics/profile/profile.schema.ts';
import { say } from '@tidemark/statistics/sentence.ts';
import { describe, expect, it } from 'vitest';
import { fileResultTexts } from '../../bench/file-results.ts';
import { type AcceptanceFacts, BatchAcceptance } from '../../functions/ingest/batch-acceptance.ts';
import { dataFinding, firstFindings } from '../../functions/ingest/data-finding.ts';
import { type FileResult, fileResultSchema } from '../../functions/ingest/file-result.schema.ts';
import {
  maximumBatchFindings,
  maximumFileFindings,
  maximumParts,
} from '../../functions/ingest/ingest-limits.ts';
import type { Validation } from '../../functions/ingest/validation.schema.ts';

const facts: AcceptanceFacts = {
  model: 'many-files',
  batchId: 'batch-00000001',
  definition: definitionSchema.parse({
    name: 'many-files',
    problem: 'binary',
    target: { column: 'float-0', above: 15 },
  }),
  accepted: undefined,
};

const rowsPerFile = 200;
const good = [...fileResultTexts(60, rowsPerFile)].map((text) => fileResultSchema.parse(JSON.parse(text)));

function judged(results: readonly FileResult[], more: Partial<AcceptanceFacts> = {}): Validation {
  const judgement = new BatchAcceptance({ ...facts, ...more });
  for (const result of results) judgement.add(result);
  return judgement.validation();
}

function bad(number: number, problems: number): FileResult {
  const [any] = good;
  if (!any) throw new Error('no file');
  const list = Array.from({ length: problems }, (_, index) =>
    dataFinding('schema-type', say`Problem ${index} of file ${number}.`, say`why`, say`remedy`),
  );
  const object = { ...any.object, key: `${any.object.key}-${number}` };
  return {
    ...any,
    object,
    finding: { kind: 'unacceptable', problems: firstFindings(list, maximumFileFindings) },
  };
}

describe('a batch of many files', () => {
  it('is judged without holding their profiles', () => {
    const judgement = new BatchAcceptance(facts);
    let most = 0;
    for (const result of good) {
      judgement.add(result);
      most = Math.max(most, judgement.heldProfiles);
    }

    // 256 columns, 20 in each file, and what is merged already.
    expect(most).toBe(13);
    expect(judgement.validation().files).toHaveLength(good.length);
  });

  it('has the profile that all files at once would have, sketches within what they state', () => {
    const counts = ({ rows, columns }: Profile) => ({
      rows,
      columns: columns.map(({ moments, quantiles, top, ...column }) => ({ ...column, n: quantiles?.n })),
    });

    const { profile, parts } = judged(good);

    const profiles = good.flatMap(({ finding }) => (finding.kind === 'acceptable' ? [finding.profile] : []));
    expect(counts(profile)).toEqual(counts(mergeProfiles(profiles)));
    expect(profile.rows).toBe(good.length * rowsPerFile);
    expect(parts).toHaveLength(good.length);
    for (const { top, quantiles } of profile.columns) {
      if (top && !top.complete) expect(top.undercount).toBeLessThanOrEqual(profile.rows / 257);
      if (quantiles) expect(quantiles.rankError).toBeLessThan(0.03);
    }
  });

  it('is judged the same in whatever order its results are read', async () => {
    const judgement = new BatchAcceptance(facts);
    const slowly = async (result: FileResult) => {
      // The later of each eight come first.
      const place = Number(result.object.key.match(/\d+(?=\.csv)/)?.[0]) % 8;
      for (let tick = 0; tick < 8 - place; tick += 1) await new Promise((resolve) => setImmediate(resolve));
      return result;
    };
    for await (const result of inOrder(good, () => 8, slowly)) judgement.add(result);

    expect(judgement.validation()).toEqual(judged(good));
  });

  it('counts the same rows once, whichever of their files comes again', () => {
    const again = good.map((result) => ({
      ...result,
      object: { ...result.object, key: `${result.object.key}-again` },
    }));

    const twice = judged([...good, ...again]);

    expect(twice).toMatchObject({ profile: judged(good).profile, unlabelledRows: 0, batchProblems: [] });
    expect(twice.parts).toHaveLength(good.length);
    expect(twice.files).toHaveLength(2 * good.length);
  });

  it('that are bad has a report on each, which does not grow beyond bounds', () => {
    const files = 1000;
    const results = Array.from({ length: files }, (_, number) => bad(number, 2000));

    const { files: verdicts } = judged(results);

    expect(verdicts.map(({ problems }) => problems[0]?.what)).toEqual(
      results.map((_, number) => `Problem 0 of file ${number}.`),
    );
    expect(verdicts[0]?.problems).toHaveLength(maximumFileFindings);
    for (const { problems } of verdicts) expect(problems.at(-1)?.check).toBe('more-problems');
    const kept = verdicts.reduce((sum, { problems }) => sum + problems.length, 0);
    expect(kept).toBeLessThanOrEqual(maximumBatchFindings + maximumFileFindings + 2 * files);
  });

  it('is rejected where the dataset would have more parts than can be read', () => {
    const some = good.slice(0, 2);
    const before = {
      datasetId: 'ds-0123456789abcdef',
      columns: good[0]?.finding.kind === 'acceptable' ? [...good[0].finding.columns] : [],
      targetValues: [],
      parts: maximumParts - some.length + 1,
    };
    const accepted = {
      ...before,
      columns: before.columns.flatMap(({ name, type }) => (type ? [{ name, type }] : [])),
    };
    const replacing = definitionSchema.parse({ ...facts.definition, ingestion: { mode: 'replace' } });

    const tooMany = judged(some, { accepted });

    expect(tooMany.batchProblems).toMatchObject([
      {
        check: 'too-many-files',
        what: expect.stringContaining('10,001 files of rows, 9,999 of them from before'),
      },
    ]);
    expect(tooMany.files.filter((file) => file.accepted)).toEqual([]);
    expect(judged(some.slice(1), { accepted }).batchProblems).toEqual([]);
    expect(judged(some, { accepted, definition: replacing }).batchProblems).toEqual([]);
  });
});

describe('a batch of rows that repeat', () => {
  it.each([
    [90, '55 %', '0.55'],
    [89, '55.5 %', '0.6'],
    [1, '99.5 %', '1'],
  ])(
    'with %i different ones of 200 is told which field allows it, and with what value',
    (distinctRows, share, enough) => {
      const [any] = good;
      if (any?.finding.kind !== 'acceptable') throw new Error('no good file');

      const { batchProblems: problems } = judged([{ ...any, finding: { ...any.finding, distinctRows } }]);

      expect(problems).toMatchObject([
        { check: 'duplicates', what: expect.stringContaining(`${share} of the rows repeat another row`) },
      ]);
      expect(problems[0]?.remedy).toContain('answers of a survey in whole numbers');
      expect(problems[0]?.remedy).toContain(
        `set \`ingestion.maximumDuplicates\` in the definition, now 0.5, to ${enough} or more`,
      );
    },
  );
});
