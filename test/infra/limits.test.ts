import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { everything, synthesise } from '../support/templates.ts';

/** Everything that can be asked for, and the longest names. */
const { store, workflows } = synthesise(everything);
const templates: [string, Template][] = [
  ['store', store],
  ['workflows', workflows],
];

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly Policies?: readonly { readonly PolicyDocument: unknown }[];
    readonly Roles?: readonly { readonly Ref?: string }[];
    readonly PolicyDocument?: unknown;
  };
}
const resources = templates.flatMap(([, template]) => Object.entries<Resource>(template.toJSON().Resources));
const roles = resources.filter(([, { Type }]) => Type === 'AWS::IAM::Role').map(([id]) => id);

/** Characters of a role's inline policies, those that are resources of their own among them. */
function policySize(role: string): number {
  return resources
    .flatMap(([id, { Type, Properties }]) => {
      if (id === role) return (Properties?.Policies ?? []).map(({ PolicyDocument }) => PolicyDocument);
      const isOfRole = Type === 'AWS::IAM::Policy' && Properties?.Roles?.some(({ Ref }) => Ref === role);
      return isOfRole ? [Properties?.PolicyDocument] : [];
    })
    .reduce<number>((size, document) => size + JSON.stringify(document).length, 0);
}

const of = (type: string) =>
  templates.flatMap(([, template]) => Object.entries(template.findResources(type)));

/** Of an event pattern: the numbers of entries of all its `$or`, multiplied, as EventBridge counts them. */
function combinations(pattern: unknown): number {
  if (typeof pattern !== 'object' || pattern === null) return 1;
  return Object.entries(pattern).reduce(
    (product, [name, inner]) =>
      product * combinations(inner) * (name === '$or' && Array.isArray(inner) ? inner.length : 1),
    1,
  );
}

const usesWildcard = (pattern: unknown) => JSON.stringify(pattern).includes('{"wildcard":');

describe('how combinations of a pattern are counted:', () => {
  it.each([
    [{ source: ['a', 'b'] }, 1],
    [{ detail: { $or: [{ a: [1] }, { b: [2] }, { c: [3] }] } }, 3],
    [{ $or: [{ a: [1] }, { b: [2] }], detail: { $or: [{ c: [3] }, { $or: [{ d: [4] }, { e: [5] }] }] } }, 8],
  ])('of %j', (pattern, expected) => {
    expect(combinations(pattern)).toBe(expected);
  });
});

describe('the template of', () => {
  it.each(templates)('%s has fewer resources and is smaller than CloudFormation takes', (_, template) => {
    const json = template.toJSON();

    expect(Object.keys(json.Resources).length).toBeLessThan(300);
    expect(JSON.stringify(json, null, 1).length).toBeLessThan(1_000_000);
  });
});

describe('what is deployed stays within AWS’s limits:', () => {
  it.each(roles)('the policies of %s, 10,240 characters', (role) => {
    expect(policySize(role)).toBeLessThan(10_240);
  });

  it.each(of('AWS::Lambda::Function'))(
    'the environment of %s, 4 KB and no name of Lambda’s own',
    (_, lambda) => {
      const variables: Record<string, unknown> = lambda.Properties.Environment.Variables;

      expect(JSON.stringify(variables).length).toBeLessThan(4096);
      for (const name of Object.keys(variables)) expect(name).not.toMatch(/^(AWS_|LAMBDA_|_HANDLER$|TZ$)/);
    },
  );

  it('by default no function reserves concurrency, of which a new account has none to spare', () => {
    const reserving = (configuration: Record<string, unknown>) =>
      Object.values(synthesise(configuration).workflows.findResources('AWS::Lambda::Function')).flatMap(
        ({ Properties }) => Properties.ReservedConcurrentExecutions ?? [],
      );

    expect(reserving({})).toEqual([]);
    expect(reserving({ predictConcurrency: 20 })).toEqual([20]);
  });

  it.each(of('AWS::Events::Rule'))('the pattern of %s, 2,048 characters', (_, rule) => {
    expect(JSON.stringify(rule.Properties.EventPattern).length).toBeLessThan(2048);
    expect(rule.Properties.Targets).toHaveLength(1);
  });

  it.each(of('AWS::Events::Rule'))('the pattern of %s, 1,000 combinations of $or', (_, rule) => {
    expect(combinations(rule.Properties.EventPattern)).toBeLessThan(1000);
  });

  it('rules, 300 a bus and 30 of them with wildcards', () => {
    const rules = of('AWS::Events::Rule');

    // Fewer altogether than each bus may have.
    expect(rules.length).toBeLessThan(300);
    expect(rules.filter(([, rule]) => usesWildcard(rule.Properties.EventPattern)).length).toBeLessThan(30);
  });

  it('names that are given, 80 characters for machines and queues, 64 for others', () => {
    const given = (type: string, property: string) =>
      of(type).flatMap(([, { Properties }]) => Properties[property] ?? []);
    const short = [
      ...given('AWS::Lambda::Function', 'FunctionName'),
      ...given('AWS::Scheduler::ScheduleGroup', 'Name'),
      ...given('AWS::Events::EventBus', 'Name'),
      ...given('AWS::SNS::Topic', 'TopicName'),
    ];
    const long = [
      ...given('AWS::StepFunctions::StateMachine', 'StateMachineName'),
      ...given('AWS::SQS::Queue', 'QueueName'),
    ];

    expect([short.length, long.length]).toEqual([4, 8]);
    for (const name of short) expect(name.length).toBeLessThanOrEqual(64);
    for (const name of long) expect(name.length).toBeLessThanOrEqual(80);
  });
});
