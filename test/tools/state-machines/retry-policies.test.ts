import { describe, expect, it } from 'vitest';
import { retriesIn, withPolicies } from '../../../tools/state-machines/machine-text.ts';
import { parsePolicies, problemsOf } from '../../../tools/state-machines/problems.ts';
import type { RetryPolicies } from '../../../tools/state-machines/retry-policies.schema.ts';
import { policyProblems, retriersFor, retryProblem } from '../../../tools/state-machines/retry-policies.ts';

const any = { Comment: 'Why.', ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5 };
const policies: RetryPolicies = {
  Retriers: {
    any: { ...any, JitterStrategy: 'FULL' },
    busy: { ...any, ErrorEquals: ['Busy'], BackoffRate: 2, JitterStrategy: 'FULL' },
  },
  Policies: {
    plain: { Comment: 'What for.', Never: [], Retriers: ['any'] },
    careful: { Comment: 'What for.', Never: ['Defect'], Retriers: ['busy', 'any'] },
  },
};
const written = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5, JitterStrategy: 'FULL' };

describe('the retriers of a policy', () => {
  it('have the state’s comment at the first and no comment of the policy’s', () => {
    expect(retriersFor('Policy: plain.', policies)).toEqual([{ Comment: 'Policy: plain.', ...written }]);
  });

  it('begin with the errors that are never retried: the state’s own, then the policy’s', () => {
    const comment = 'Policy: careful, never Aws.NotFound, LostError. It may be gone.';

    expect(retriersFor(comment, policies)).toEqual([
      { Comment: comment, ErrorEquals: ['Aws.NotFound', 'LostError', 'Defect'], MaxAttempts: 0 },
      {
        ErrorEquals: ['Busy'],
        IntervalSeconds: 2,
        MaxAttempts: 5,
        BackoffRate: 2,
        JitterStrategy: 'FULL',
      },
      written,
    ]);
  });

  it('are the state’s own where the comment says why', () => {
    expect(retriersFor('No policy: a child has retried itself.', policies)).toBeNull();
    expect(retryProblem([{ Comment: 'No policy: for a reason.', ErrorEquals: ['X'] }], policies)).toBe(
      undefined,
    );
  });

  it.each([
    ['no comment', undefined, /must name its policy .*\("Policy: lambda\."\)/],
    ['a comment that names none', 'Throttling as a rule.', /must name its policy/],
    ['no full stop', 'Policy: plain', /must name its policy/],
    ['no reason', 'No policy: ', /must name its policy/],
    ['a policy that does not exist', 'Policy: plane.', /no policy 'plane'; .* has plain, careful/],
    ['a name of every object', 'Policy: constructor.', /no policy 'constructor'/],
    ['an error that the policy names too', 'Policy: careful, never Defect.', /Defect is never retried/],
    ['an error named twice', 'Policy: plain, never X, X.', /X is never retried/],
  ])('are refused where there is %s', (_, comment, problem) => {
    expect(retriersFor(comment, policies)).toMatch(problem);
    expect(retryProblem([{ ...(comment && { Comment: comment }), ErrorEquals: ['X'] }], policies)).toMatch(
      problem,
    );
  });
});

describe('a retry that differs from its policy', () => {
  it.each([
    ['a number', [{ ...written, MaxAttempts: 6 }], 'MaxAttempts of retrier 1 is 6 instead of 5'],
    [
      'a field too many',
      [{ ...written, BackoffRate: 2 }],
      'BackoffRate of retrier 1 is 2 instead of not given',
    ],
    ['a retrier too many', [written, written], 'it has 2 retriers instead of 1'],
    [
      'an error more',
      [{ ...written, ErrorEquals: ['X'] }],
      'ErrorEquals of retrier 1 is ["X"] instead of ["States.ALL"]',
    ],
  ])('by %s is told with the difference', (_, [first, ...others], difference) => {
    const problem = retryProblem([{ Comment: 'Policy: plain.', ...first }, ...others], policies);

    expect(problem).toContain(`It differs from the policy 'plain': ${difference}.`);
  });
});

describe('the file of the policies', () => {
  const text = JSON.stringify(policies);

  it.each([
    ['text that is not JSON', '{', /not JSON/],
    ['a retrier without a reason', text.replace('"Comment":"Why.",', ''), /\/Retriers\/any\/Comment/],
    ['a policy without a reason', text.replace('"What for."', '""'), /\/Policies\/plain\/Comment/],
    ['no jitter', text.replace('"FULL"', '"NONE"'), /\/Retriers\/any\/JitterStrategy/],
  ])('with %s fails the check', (_, wrong, problem) => {
    expect(parsePolicies(wrong)).toEqual([expect.stringMatching(problem)]);
    expect(problemsOf(new Map(), wrong)).toEqual([expect.stringMatching(/^retry-policies\.json: /)]);
  });

  it('names only retriers that exist, and nothing that nobody uses', () => {
    const { any: used } = policies.Retriers;
    const wrong = {
      Retriers: { used, spare: used },
      Policies: { a: { Comment: '.', Never: [], Retriers: ['used', 'gone'] } },
    };

    expect(policyProblems(wrong as RetryPolicies, [])).toEqual([
      "The policy 'a' has a retrier 'gone', which does not exist.",
      "No policy has the retrier 'spare'; remove it.",
      "No state has the policy 'a'; remove it.",
    ]);
  });
});

describe('a machine’s text', () => {
  const text = `{
  "Comment": "Escapes: \\" \\u00e9 {% 'a' %}", "States": {
    "A": { "Type": "Map", "Retry": [{ "Comment": "Policy: plain." }],
      "Arguments": { "Retry": [1] },
      "ItemProcessor": { "States": { "B": { "Retry":[ { "Comment" : "No policy: x" , "MaxAttempts":1 } ] } } } },
    "C": { "Branches": [{ "States": {} }, { "States": { "D": { "Retry": [] } } }] }
  }
}`;

  it('has the retries of all states, also of inner ones, and of nothing else', () => {
    expect(retriesIn(text).map(({ location }) => location)).toEqual([
      '/States/A/Retry',
      '/States/A/ItemProcessor/States/B/Retry',
      '/States/C/Branches[1]/States/D/Retry',
    ]);
  });

  it('changes only where a policy is named', () => {
    expect(withPolicies(text, policies)).toBe(
      text.replace(
        '[{ "Comment": "Policy: plain." }]',
        '[{ "Comment": "Policy: plain.", "ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 5, "JitterStrategy": "FULL" }]',
      ),
    );
  });

  it('does not change when it is written twice', () => {
    const once = withPolicies(text, policies);

    expect(withPolicies(once, policies)).toBe(once);
  });
});
