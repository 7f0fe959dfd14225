import { listed, say, sentences, visible } from '@tidemark/statistics/sentence.ts';
import { describe, expect, it } from 'vitest';
import type { Validation } from '../../functions/ingest/validation.schema.ts';
import { rejection, reportJson, reportMarkdown } from '../../functions/ingest/validation-report.ts';

const problem = {
  check: 'csv-ragged',
  what: say`What it is.`,
  why: say`Why it is so.`,
  remedy: say`What to do.`,
  shown: null,
  examples: [{ where: say`line 7`, text: '```\u001b[31m"\u202e,x' }],
};

function validationOf(more: Partial<Validation> = {}): Validation {
  return {
    schemaVersion: 1,
    model: 'mm',
    batchId: 'batch-00000001',
    judgedAgainst: null,
    files: [
      {
        object: { bucket: 'data', key: 'incoming/mm/a.csv', versionId: 'v1' },
        size: 10,
        accepted: false,
        problems: [problem],
      },
      {
        object: { bucket: 'data', key: 'incoming/mm/b.csv', versionId: 'v2' },
        size: 10,
        accepted: true,
        problems: [],
      },
    ],
    batchProblems: [],
    columns: [],
    splitMethod: 'hash',
    parts: [],
    unlabelledRows: 0,
    notes: [],
    warnings: [],
    profile: { schemaVersion: 3, rows: 0, columns: [] },
    targetValues: [],
    ...more,
  };
}

describe('a report', () => {
  it('shows bad lines so that they cannot break out of it, steer a terminal or hide what they are', () => {
    const report = reportMarkdown(validationOf());

    expect(report).toContain('````text\nline 7: ```\\u001b[31m"\\u202e,x\n````');
  });

  it('says where each file is, and leaves a file in place that is too large to be copied', () => {
    const large = {
      object: { bucket: 'data', key: 'incoming/mm/large.csv', versionId: 'v3' },
      size: 6 * 1024 ** 3,
    };
    const validation = validationOf({
      files: [...validationOf().files, { ...large, accepted: false, problems: [problem] }],
    });

    expect(reportMarkdown(validation)).toMatch(
      /`incoming\/mm\/a\.csv`, version `v1`: `quarantine\/mm\/batch-00000001\/files\/a\.csv`/,
    );
    expect(reportMarkdown(validation)).toMatch(/`incoming\/mm\/large\.csv`, version `v3`: left in place/);
    expect(reportJson(validation).files.map(({ quarantineKey }) => quarantineKey)).toEqual([
      'quarantine/mm/batch-00000001/files/a.csv',
      null,
    ]);
  });

  it('is told of in short, however many files there are: the event stays far below 256 KiB', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      object: { bucket: 'data', key: `incoming/mm/${'x'.repeat(800)}${index}`, versionId: 'v' },
      size: 1,
      accepted: false,
      problems: [{ ...problem, what: sentences(Array(50).fill(say`yyyyyyyyyyyyyyyyyyy`)) }],
    }));

    const told = rejection(validationOf({ files: many }), 'report.md');

    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(100_000);
    expect(told.message).toMatch(/^5,000 files of mm rejected/);
  });
});

describe('a user’s text', () => {
  it('is shown in short, cut between characters', () => {
    expect(visible('a\tb\nc')).toBe('a\\tb\\nc');
    expect(visible('😀'.repeat(300))).toBe(`${'😀'.repeat(200)}…`);
  });

  it('is listed up to five', () => {
    expect(listed([])).toBe('none');
    expect(listed(['a'])).toBe('`a`');
    expect(listed(['a', 'b`c'])).toBe("`a` and `b'c`");
    expect(listed(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('`a`, `b`, `c`, `d`, `e` and 2 more');
  });
});
