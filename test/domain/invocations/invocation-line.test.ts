import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invocationLineSchema, subjectShape } from '../../../domain/invocations/invocation-line.schema.ts';
import { type InvocationFacts, invocationLine } from '../../../domain/invocations/invocation-line.ts';
import { told } from '../../../domain/invocations/outcome.ts';

const facts: InvocationFacts = {
  stage: 'dev',
  capability: 'capture',
  function: 'predict',
  codeVersion: 'abc123',
  requestId: 'request-1',
  executionArn: undefined,
  milliseconds: 12,
  subject: { model: 'late' },
};

describe('the line of an invocation', () => {
  it('has of what it is about the fields that a subject has, and nothing else of the object', () => {
    const others = fc
      .dictionary(fc.string(), fc.constantFrom('secret-4711', { age: 'secret-4711' }, ['secret-4711']))
      .map((object) =>
        Object.fromEntries(Object.entries(object).filter(([field]) => !Object.hasOwn(subjectShape, field))),
      );
    fc.assert(
      fc.property(others, others, (asked, found) => {
        const line = invocationLine(
          { ...facts, subject: { model: 'late', ...asked } },
          { told: told('done', 'predicted', { subject: { version: 3, ...found } }) },
        );

        expect(JSON.stringify(line)).not.toContain('secret-4711');
        expect(invocationLineSchema.parse(line)).toEqual({
          ...facts,
          requestId: 'request-1',
          subject: undefined,
          model: 'late',
          version: 3,
          outcome: 'done',
          code: 'predicted',
        });
      }),
    );
  });

  it('has no field for what is not known', () => {
    const line = invocationLine(
      { ...facts, subject: { model: null, version: null } },
      { told: told('unneeded', 'nothing-to-check') },
    );

    expect(Object.keys(line)).toEqual([
      'stage',
      'capability',
      'function',
      'codeVersion',
      'requestId',
      'milliseconds',
      'outcome',
      'code',
    ]);
  });

  it('of a result takes what the result knows better than the input', () => {
    const line = invocationLine(
      { ...facts, subject: { model: 'late', version: 1 } },
      { told: told('done', 'promoted', { subject: { version: 2 } }) },
    );

    expect(line).toMatchObject({ model: 'late', version: 2 });
  });
});

describe('what a function tells of its result', () => {
  it('is a word of the sources: a text from elsewhere does not compile', () => {
    const elsewhere: string = 'yes';
    // @ts-expect-error a `string` may be a cell value
    told('done', elsewhere);
    // @ts-expect-error a sentence is made by `say`
    told('done', 'predicted', { message: elsewhere });
  });
});
