import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { ConflictError } from '../../../domain/errors.ts';
import { entry } from '../../../domain/invocations/entry.client.ts';
import { invocationLineSchema } from '../../../domain/invocations/invocation-line.schema.ts';
import { told } from '../../../domain/invocations/outcome.ts';
import { say } from '../../../packages/statistics/sentence.ts';

const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:tidemark-dev-train:a1';
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 1000 };

let written: string[];
beforeEach(() => {
  vi.stubEnv('STAGE', 'dev');
  vi.stubEnv('CODE_VERSION', 'abc123');
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function handlerThat(run: (input: { model: string; row: unknown }) => Promise<{ rows: number }>) {
  return entry({
    capability: 'train',
    name: 'prepare',
    input: z.object({ model: z.string(), row: z.unknown() }),
    subject: ({ model }) => ({ model, runId: 'run-1' }),
    run,
    told: ({ rows }) => told('done', 'prepared', { message: say`It is prepared.`, subject: { items: rows } }),
  });
}

const lines = () => written.map((line) => invocationLineSchema.parse(JSON.parse(line)));

describe('an invocation', () => {
  it('writes one line with who asked, what it was about, how it ended and how long it took', async () => {
    const handler = handlerThat(async () => ({ rows: 7 }));

    expect(await handler({ model: 'late', row: 'secret', invokedBy: executionArn }, context)).toEqual({
      rows: 7,
    });

    expect(lines()).toEqual([
      {
        stage: 'dev',
        capability: 'train',
        function: 'prepare',
        codeVersion: 'abc123',
        requestId: 'request-1',
        executionArn,
        model: 'late',
        runId: 'run-1',
        items: 7,
        outcome: 'done',
        code: 'prepared',
        message: 'It is prepared.',
        milliseconds: expect.any(Number),
      },
    ]);
    expect(written[0]?.endsWith('\n')).toBe(true);
  });

  it.each([
    [
      'the system',
      Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC', path: '/tmp/part' }),
      ' at /tmp/part',
    ],
    ['the engine', new Error('IO Error: Could not write "secret": No space left on device'), ''],
    [
      'an error’s cause',
      new Error('secret', { cause: Object.assign(new Error(''), { code: 'EDQUOT' }) }),
      '',
    ],
  ])('that meets a full disk, by word of %s, says so and what to do', async (_who, thrown, where) => {
    const handler = handlerThat(async () => {
      throw thrown;
    });

    const error: unknown = await handler({ model: 'late', row: 1 }, context).catch((caught) => caught);

    expect(error).toMatchObject({
      name: 'FullDiskError',
      message: expect.stringMatching(new RegExp(`^The disk is full${where}\\. On a laptop, make room`)),
    });
    expect(String(error)).not.toContain('secret');
    expect(lines()).toMatchObject([{ outcome: 'failed', code: 'transient', errorName: 'FullDiskError' }]);
  });

  it('that fails writes one line with the name of the error, and throws the error itself', async () => {
    class LeaseLostError extends ConflictError {
      override readonly name = 'LeaseLostError';
    }
    const error = new LeaseLostError('Another execution has the model.');
    const handler = handlerThat(() => Promise.reject(error));

    await expect(handler({ model: 'late', row: null }, context)).rejects.toBe(error);

    expect(lines()).toMatchObject([
      { model: 'late', outcome: 'failed', code: 'conflict', errorName: 'LeaseLostError' },
    ]);
    expect(lines()[0]).not.toHaveProperty('message');
  });

  it('whose input cannot be read writes one line too, about nothing', async () => {
    const handler = handlerThat(async () => ({ rows: 0 }));

    await expect(handler({ invokedBy: executionArn }, context)).rejects.toThrow();

    expect(lines()).toMatchObject([
      { executionArn, outcome: 'failed', code: 'defect', errorName: 'ZodError' },
    ]);
    expect(lines()[0]).not.toHaveProperty('model');
  });

  it('by somebody other than a state machine is of no execution, whatever the payload claims', async () => {
    const handler = handlerThat(async () => ({ rows: 0 }));

    await handler({ model: 'late', row: null, invokedBy: 'a value of a row' }, context);

    expect(lines()[0]).not.toHaveProperty('executionArn');
  });
});

it('an error of ours is thrown without its fields, which Lambda would print with it', async () => {
  class UnreadableRowError extends ConflictError {
    override readonly name = 'UnreadableRowError';
    readonly row = { income: 'secret-4711' };
  }
  const handler = handlerThat(() => Promise.reject(new UnreadableRowError('Row 3 cannot be read.')));

  const thrown: unknown = await handler({ model: 'late', row: null }, context).catch((error) => error);

  expect(JSON.stringify({ ...Object(thrown) }) + written.join('')).not.toContain('secret-4711');
  expect(thrown).toMatchObject({ name: 'UnreadableRowError', message: 'Row 3 cannot be read.' });
});

describe('an error that is not ours', () => {
  const failing: [string, () => unknown, tells?: string][] = [
    ['of a parser', () => JSON.parse('{"income": secret-4711}')],
    ['of the language', () => BigInt('secret-4711')],
    ['of an engine', () => raise(new Error('Could not convert string "secret-4711" to INT64'))],
    [
      'of an engine, over several lines',
      () => raise(new Error('Conversion Error:\nsecret-4711\n    at secret-4711')),
    ],
    [
      'of the system',
      () => raise(Object.assign(new Error('open secret-4711'), { code: 'ENOENT', path: 'secret-4711' })),
    ],
    ['with a cause', () => raise(new TypeError('secret-4711', { cause: new Error('secret-4711') }))],
    ['that is no error', () => raise('secret-4711'), 'Its message is left out'],
  ];

  it.each(failing)(
    '%s is thrown on without its words, which may hold values: Lambda prints them',
    async (_, fail, tells = 'entry.client.test.ts') => {
      const handler = handlerThat(async () => ({ rows: Number(fail()) }));

      const thrown: unknown = await handler({ model: 'late', row: null }, context).catch((error) => error);

      expect(lines()).toMatchObject([{ outcome: 'failed', code: 'foreign' }]);
      expect(thrown).toBeInstanceOf(Error);
      // As Lambda's runtime prints it, and as Node.js would.
      const printed = JSON.stringify([thrown, ...properties(thrown)]) + written.join('');
      expect(printed).not.toContain('secret-4711');
      expect(printed).toContain(tells);
    },
  );

  it('keeps its name, by which state machines know it, and the system’s code', async () => {
    const handler = handlerThat(() =>
      Promise.reject(Object.assign(new RangeError('x'), { code: 'ERR_OUT_OF_RANGE' })),
    );

    await expect(handler({ model: 'late', row: null }, context)).rejects.toMatchObject({
      name: 'RangeError',
      message: expect.stringContaining('RangeError ERR_OUT_OF_RANGE was thrown'),
    });
  });
});

function raise(error: unknown): never {
  throw error;
}

function properties(error: unknown): unknown[] {
  return Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(Object(error), name)]);
}
