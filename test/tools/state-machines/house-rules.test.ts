import { validateStateMachine } from '@tidemark/region/asl';
import { describe, expect, it } from 'vitest';
import { checkHouseRules } from '../../../tools/state-machines/house-rules.ts';

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }],
  Next: 'Z',
};
const waiting = {
  ...task,
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  HeartbeatSeconds: 30,
};
const end = { Type: 'Succeed' };
const machine = (A: object, fields: object = {}) => ({
  Comment: 'A machine.',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 600,
  StartAt: 'A',
  States: { A, Z: end },
  ...fields,
});
const findingsOf = (definition: unknown) =>
  validateStateMachine(JSON.parse(JSON.stringify(definition)), [checkHouseRules]).map(
    ({ kind, location, message }) => `${kind} ${location}: ${message}`,
  );

describe('the house rules for state machines', () => {
  it.each([
    ['a task with timeout, retry and catch', task],
    ['a task that waits for a token with a heartbeat', waiting],
    [
      'a reason in the comment instead of a retry or a catch',
      {
        ...task,
        Retry: undefined,
        Catch: undefined,
        Comment: 'No Retry and no Catch: it reports a failure.',
      },
    ],
    [
      'a reason in the comment instead of a heartbeat',
      { ...waiting, HeartbeatSeconds: undefined, Comment: 'No HeartbeatSeconds: a person answers.' },
    ],
  ])('accept %s', (_, state) => {
    expect(findingsOf(machine(state))).toEqual([]);
  });

  it.each([
    ['a machine without a comment', machine(task, { Comment: '' }), ['/: The machine needs a Comment']],
    [
      'a machine without a timeout',
      machine(task, { TimeoutSeconds: undefined }),
      ['/: The machine needs TimeoutSeconds'],
    ],
    [
      'a task without timeout, retry and catch',
      machine({ ...task, TimeoutSeconds: undefined, Retry: undefined, Catch: undefined }),
      ['/States/A: The task needs TimeoutSeconds', 'The task needs Retry', 'The task needs Catch'],
    ],
    [
      'a function that is not retried when too many run at once',
      machine({ ...task, Retry: [{ ErrorEquals: ['States.ALL'] }] }),
      ['/States/A/Retry: The task needs a retry of its own for Lambda.TooManyRequestsException'],
    ],
    [
      'a function with a token that is not retried when too many run at once',
      machine({ ...waiting, Retry: [{ ErrorEquals: ['States.ALL'] }] }),
      ['/States/A/Retry: The task needs a retry of its own for Lambda.TooManyRequestsException'],
    ],
    [
      'a task that waits for a token without a heartbeat',
      machine({ ...waiting, HeartbeatSeconds: undefined }),
      ['/States/A: The task needs HeartbeatSeconds, or a Comment that gives the reason'],
    ],
    [
      'an Assign of which AWS does not say for certain when it applies',
      machine({
        Type: 'Choice',
        Choices: [{ Condition: '{% true %}', Next: 'Z' }],
        Assign: { x: 1 },
        Default: 'Z',
      }),
      ['/States/A/Assign: Put Assign into the rules'],
    ],
    [
      'a task of a branch, as of any other',
      machine({
        Type: 'Parallel',
        Branches: [
          { StartAt: 'B', States: { B: { ...task, Catch: undefined, Next: undefined, End: true } } },
        ],
        Next: 'Z',
      }),
      ['/States/A/Branches[0]/States/B: The task needs Catch'],
    ],
  ])('refuse %s', (_, definition, finds) => {
    const findings = findingsOf(definition);

    expect(findings).toHaveLength(finds.length);
    for (const [index, part] of finds.entries()) expect(findings[index]).toContain(part);
    expect(findings.every((finding) => finding.startsWith('advice '))).toBe(true);
  });
});
