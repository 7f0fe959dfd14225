import { describe, expect, it } from 'vitest';
import { findProblems } from '../../tools/state-machine-rules.ts';

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: '${JudgeArn}', Payload: '{% $states.input %}' },
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: ['TransientError'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Give up' }],
  Next: 'Done',
};
const machine = {
  Comment: 'Judges.',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 600,
  StartAt: 'Judge',
  States: { Judge: task, Done: { Type: 'Succeed' }, 'Give up': { Type: 'Fail', Error: 'E', Cause: 'why' } },
};
const { Catch: _, ...uncaught } = task;

describe('findProblems', () => {
  it('finds nothing wrong with a machine that keeps the rules', () => {
    expect(findProblems(JSON.stringify(machine))).toEqual([]);
  });

  it.each([
    ['text that is not JSON', '{', 'not JSON'],
    ['a machine without a comment', { ...machine, Comment: undefined }, 'Comment'],
    ['a machine in JSONPath', { ...machine, QueryLanguage: 'JSONPath' }, 'QueryLanguage'],
    ['a machine without a time limit', { ...machine, TimeoutSeconds: undefined }, 'TimeoutSeconds'],
    ['a transition to nowhere', { ...machine, StartAt: 'Nowhere' }, 'Nowhere'],
    [
      'a task without a catch',
      { ...machine, States: { ...machine.States, Judge: uncaught } },
      'task "Judge" has no Catch',
    ],
    [
      'a task without a catch in a branch',
      {
        ...machine,
        States: {
          ...machine.States,
          Judge: {
            Type: 'Parallel',
            Branches: [
              {
                StartAt: 'Inner',
                States: { Inner: { ...uncaught, Next: undefined, End: true } },
              },
            ],
            Next: 'Done',
          },
        },
      },
      'task "Inner" has no Catch',
    ],
    [
      'an expression that cannot be read',
      { ...machine, States: { ...machine.States, Judge: { ...task, Output: '{% $states.( %}' } } },
      'expression {% $states.( %}',
    ],
  ])('finds %s', (_title, definition, problem) => {
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition);

    expect(findProblems(text).join('\n')).toContain(problem);
  });
});
