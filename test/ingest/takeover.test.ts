import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf } from '../../functions/ingest/takeover.ts';
import type { IngestStart } from '../../functions/ingest/workflow.schema.ts';

const file: IngestStart = {
  source: 'aws.s3',
  detail: {
    bucket: { name: 'data' },
    object: { key: 'incoming/m/a "b" \\ c.csv', size: 1, 'version-id': 'v', sequencer: '01' },
  },
};

function ended(
  executionArn: string,
  input: unknown,
  detail: Readonly<Record<string, unknown>> = {},
): IngestStart {
  return {
    source: 'aws.states',
    detail: {
      executionArn,
      status: 'FAILED',
      error: 'States.Timeout',
      input: JSON.stringify(input),
      ...detail,
    },
  };
}

describe('an execution', () => {
  it('does its own work in its own name', () => {
    expect(beginningOf(file, 'me')).toEqual({ work: file, owner: 'me', ended: 0, mayOnlyClose: false });
  });

  it('does the work of one that failed in the name of the first that was to do it, however many have tried', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), (howMany) => {
        let start = ended('first', file);
        for (let number = 2; number <= howMany; number += 1) start = ended(`number ${number}`, start);

        expect(beginningOf(start, 'me')).toEqual({
          work: file,
          owner: 'first',
          ended: howMany,
          mayOnlyClose: false,
        });
      }),
    );
  });

  it.each([
    ['was stopped by somebody', { status: 'ABORTED', error: null }],
    ['broke a contract of ours', { error: 'ZodError' }],
    ['asked for a batch that is not there', { error: 'BatchNotFoundError' }],
  ])('only closes what one that %s has left open', (_, detail) => {
    expect(beginningOf(ended('first', file, detail), 'me')).toMatchObject({
      owner: 'first',
      mayOnlyClose: true,
    });
  });

  it.each([
    ['was too large for an event', { input: null }],
    ['is no input of this machine', { input: '{"model":"m"}' }],
  ])('has nothing to do when the input of one that failed %s', (_, detail) => {
    expect(beginningOf(ended('first', file, detail), 'me')).toMatch(
      /^It is not known what first was started with/,
    );
  });
});
