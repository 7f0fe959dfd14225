import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { evaluateAccess, type Verdict } from '../../iam/evaluate.ts';
import { policyDocumentSchema } from '../../iam/policy-document.schema.ts';
import { type Statement, statementsOf } from '../../iam/statement.ts';

const caseSchema = z.strictObject({
  title: z.string(),
  identity: z.array(z.unknown()).default([]),
  resourcePolicy: z.array(z.unknown()).default([]),
  mustAgree: z.boolean().default(false),
  /** Who asks, if it is not the role `r`. */
  service: z.string().optional(),
  action: z.string(),
  resource: z.string(),
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  expected: z.enum(['allowed', 'not-allowed', 'forbidden', 'refused-policy']),
});
const cases = caseSchema
  .array()
  .parse(JSON.parse(readFileSync('packages/region/test/iam/cases/evaluation.json', 'utf8')));

const role = { kind: 'role', arn: 'arn:aws:iam::000000000000:role/r' } as const;

const compiled = (statements: readonly unknown[]): Statement[] =>
  statementsOf('a policy', policyDocumentSchema.parse({ Statement: statements }));

function outcome(given: z.infer<typeof caseSchema>): string {
  let identity: Statement[];
  let resource: Statement[];
  try {
    identity = compiled(given.identity);
    resource = compiled(given.resourcePolicy);
  } catch {
    return 'refused-policy';
  }
  const principal = given.service === undefined ? role : ({ kind: 'service', name: given.service } as const);
  const { action, resource: on, context } = given;
  return evaluateAccess(
    { principal, action, resource: on, context },
    { identity, resource, resourceMustAgree: given.mustAgree },
  ).kind;
}

it.each(cases)('AWS’s logic $title', (given) => {
  expect(outcome(given)).toBe(given.expected);
});

const actions = ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage'];
const resources = ['arn:aws:s3:::data/a', 'arn:aws:s3:::data/b', 'arn:aws:sqs:eu-west-1:000000000000:q'];
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.constantFrom(...actions, 's3:*', '*'),
  Resource: fc.constantFrom(...resources, 'arn:aws:s3:::data/*', '*'),
});
const question = fc.record({
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(...resources),
});
const onResource = statement.map((given) => ({ ...given, Principal: { AWS: role.arn } }));

function decide(
  identity: readonly object[],
  resource: readonly object[],
  asked: { readonly action: string; readonly resource: string },
  boundary?: readonly object[],
): Verdict['kind'] {
  const say = {
    boundary: boundary && compiled(boundary),
    identity: compiled(identity),
    resource: compiled(resource),
    resourceMustAgree: false,
  };
  return evaluateAccess({ principal: role, context: {}, ...asked }, say).kind;
}

describe('whatever the policies are', () => {
  it('the order of their statements decides nothing', () => {
    fc.assert(
      fc.property(fc.array(statement), fc.array(onResource), question, (identity, resource, asked) => {
        expect(decide([...identity].reverse(), [...resource].reverse(), asked)).toBe(
          decide(identity, resource, asked),
        );
      }),
    );
  });

  it('a Deny that covers the request wins, in whichever policy it stands', () => {
    fc.assert(
      fc.property(
        fc.array(statement),
        fc.array(onResource),
        question,
        fc.boolean(),
        (identity, resource, asked, inIdentity) => {
          const deny = { Effect: 'Deny', Action: asked.action, Resource: asked.resource };
          const denyHere = { ...deny, Principal: '*' };
          const decided = inIdentity
            ? decide([...identity, deny], resource, asked)
            : decide(identity, [...resource, denyHere], asked);
          expect(decided).toBe('forbidden');
        },
      ),
    );
  });

  it('a role with a boundary may do what it may without, as far as the boundary by itself would allow it', () => {
    fc.assert(
      fc.property(
        fc.array(statement),
        fc.array(onResource),
        fc.array(statement),
        question,
        (identity, resource, boundary, asked) => {
          const isWithin = decide(boundary, [], asked) === 'allowed';
          const isAllowed = decide(identity, resource, asked) === 'allowed';
          expect(decide(identity, resource, asked, boundary) === 'allowed').toBe(isAllowed && isWithin);
        },
      ),
    );
  });

  it('another Allow takes nothing away', () => {
    fc.assert(
      fc.property(fc.array(statement), statement, question, (identity, given, asked) => {
        fc.pre(decide(identity, [], asked) === 'allowed');
        expect(decide([...identity, { ...given, Effect: 'Allow' }], [], asked)).toBe('allowed');
      }),
    );
  });

  it('a wildcard covers whatever stands in its place', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w./=-]{0,20}$/), fc.nat({ max: 20 }), (key, at) => {
        const beginning = key.slice(0, at);
        const allow = { Effect: 'Allow', Action: '*', Resource: `arn:aws:s3:::data/${beginning}*` };
        expect(decide([allow], [], { action: 's3:GetObject', resource: `arn:aws:s3:::data/${key}` })).toBe(
          'allowed',
        );
      }),
    );
  });
});
