import { expect, it } from 'vitest';
import type { Breakpoint, StateMoment } from '../../states/breakpoint.ts';
import { Interruption } from '../../states/interruption.ts';
import { MachineRun } from './machine-run.ts';

const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Look',
  States: {
    Look: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Ask' }] },
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'answer' },
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }],
      Output: '{% $states.result.Payload %}',
      Next: 'Done',
    },
    Caught: { Type: 'Pass', Output: 'caught', Next: 'Done' },
    Done: { Type: 'Succeed' },
  },
};

const runWith = (breakpoint: Breakpoint, answers: number) =>
  new MachineRun({
    definition,
    breakpoint,
    functions: { answer: Array.from({ length: answers }, () => ({ result: 'asked' })) },
  });

it('a breakpoint is asked before every state of an execution', async () => {
  const moments: StateMoment[] = [];
  const run = runWith(async (moment) => void moments.push(moment), 1);

  expect((await run.end()).output).toBe('asked');

  expect(moments.map(({ state, phase, attempt }) => `${state} ${phase} ${attempt}`)).toEqual([
    'Look begins 0',
    'Ask begins 0',
    'Done begins 0',
  ]);
});

it.each(['Look', 'Ask', 'Done'])(
  'an execution that a breakpoint holds in %s when the region closes continues there at the next start',
  async (held) => {
    const closing = new AbortController();
    const run = runWith(async ({ state }) => {
      if (state !== held) return undefined;
      setImmediate(() => closing.abort(new Interruption({ kind: 'region-closing' })));
      return new Promise(() => undefined);
    }, 1);
    await expect(run.end(closing.signal)).rejects.toThrow('region-closing');
    expect(run.calls).toHaveLength(held === 'Done' ? 1 : 0);

    expect((await run.end()).output).toBe('asked');

    expect(run.calls).toHaveLength(1);
  },
);

it.each([
  { error: 'Busy', answers: 1, output: 'asked' },
  { error: 'Broken', answers: 0, output: 'caught' },
])('a failure $error that a breakpoint gives is retried or caught as one of the call', async (each) => {
  const run = runWith(
    async ({ state, attempt }) =>
      state === 'Ask' && attempt === 0 ? { error: each.error, cause: 'as asked' } : undefined,
    each.answers,
  );

  expect((await run.end()).output).toBe(each.output);

  expect(run.unused()).toEqual([]);
});
