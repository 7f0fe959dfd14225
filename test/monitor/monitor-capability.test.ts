import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { grants, statementsOf, synthesise } from '../support/templates.ts';

const { workflows } = synthesise();
const encrypted = synthesise({ encryption: 'customer' }).workflows;
const machineId = Match.stringLikeRegexp('^MonitorWorkflowMachine');

describe('the machine', () => {
  const statements = statementsOf(workflows, /^MonitorWorkflowRole/);
  const role = grants(statements);

  it.each([
    { status: ['ABORTED', 'TIMED_OUT'] },
    { status: ['FAILED'], error: ['States.Runtime', 'States.DataLimitExceeded'] },
  ])('starts when an execution ended that could not say so: $status', (ended) => {
    workflows.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [{ Ref: machineId }], ...ended },
      },
    });
  });

  it('knows the ARN of each function that its definition invokes', () => {
    const definition = readFileSync('state-machines/monitor.asl.json', 'utf8');
    const invoked = [...definition.matchAll(/\$\{(\w+Arn)\}/g)].map(([, name]) => name ?? '');
    const substitutions = Object.fromEntries(invoked.map((name) => [name, Match.anyValue()]));

    expect(new Set(invoked).size).toBe(8);
    workflows.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionSubstitutions: Match.objectLike(substitutions),
    });
  });

  it('publishes figures in Tidemark’s namespace, and in no other', () => {
    const publishing = statements.filter(({ Action }) =>
      [Action].flat().includes('cloudwatch:PutMetricData'),
    );

    expect(publishing).toEqual([
      {
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': 'Tidemark' } },
      },
    ]);
  });

  it('reads the items of its distributed map, and nothing else of the bucket', () => {
    expect(JSON.stringify(role.get('s3:GetObject'))).toMatch(/monitoring\/\*/);
    expect(role.get('s3:GetObject')).toHaveLength(1);
    expect([...role.keys()].filter((action) => /^(dynamodb|s3:(?!GetObject$))/.test(action))).toEqual([]);
  });

  it('starts, watches, stops and redrives executions of its own, for the distributed map', () => {
    expect(role.get('states:StartExecution')).toEqual([
      { Ref: expect.stringMatching(/^MonitorWorkflowMachine/) },
    ]);
    for (const action of ['states:DescribeExecution', 'states:StopExecution']) {
      expect(JSON.stringify(role.get(action))).toMatch(/:execution:".*Name"\]\},":\*"/);
    }
    expect(JSON.stringify(role.get('states:RedriveExecution'))).toMatch(/Name"\]\},"\/ProfileSlices:\*"/);
  });

  it('has the map’s label in its definition as in its policy', () => {
    const { States } = JSON.parse(readFileSync('state-machines/monitor.asl.json', 'utf8'));

    expect(States.ProfileSlices.Label).toBe('ProfileSlices');
  });

  it('reads items that are encrypted with the customer’s key', () => {
    expect(grants(statementsOf(encrypted, /^MonitorWorkflowRole/)).has('kms:Decrypt')).toBe(true);
    expect(role.has('kms:Decrypt')).toBe(false);
  });

  it('says where to start it by hand', () => {
    workflows.hasOutput('MonitorStateMachineArn', { Value: { Ref: machineId } });
  });
});

describe('the functions', () => {
  const of = (name: string) => grants(statementsOf(workflows, new RegExp(`^Monitor${name}Role`)));

  it.each([
    ['StartWindow', 512, 30],
    ['PlanWindow', 1024, 300],
    ['ProfileSlice', 1769, 900],
    ['FindRepeats', 1769, 900],
    ['JoinLabels', 1769, 900],
    ['MergeWindow', 1769, 900],
    ['JudgeWindow', 1769, 900],
    ['RecordFailure', 512, 30],
  ])('%s has memory and time for what it does', (name, MemorySize, Timeout) => {
    const [, lambda] =
      Object.entries(workflows.findResources('AWS::Lambda::Function')).find(([id]) =>
        id.startsWith(`Monitor${name}Function`),
      ) ?? [];

    expect(lambda?.Properties).toMatchObject({ MemorySize, Timeout });
  });

  it.each([
    ['StartWindow', 'read-write', []],
    ['PlanWindow', 'read-write', ['monitoring/*']],
    ['ProfileSlice', 'none', ['monitoring/*', 'captures/*', 'runs/*']],
    ['FindRepeats', 'read', ['monitoring/*']],
    ['JoinLabels', 'read', ['monitoring/*', 'labels/*', 'runs/*']],
    ['MergeWindow', 'none', ['monitoring/*']],
    ['JudgeWindow', 'read-write', ['monitoring/*', 'runs/*']],
    ['RecordFailure', 'read-write', []],
  ])('%s reads and writes what it needs, and nothing else', (name, registry, read) => {
    const role = of(name);
    const access = role.has('dynamodb:PutItem')
      ? 'read-write'
      : role.has('dynamodb:GetItem')
        ? 'read'
        : 'none';
    const prefixes = (action: string) =>
      (role.get(action) ?? []).map((resource) => /[a-z]+\/\*/.exec(JSON.stringify(resource))?.[0]);

    expect(access).toBe(registry);
    expect(prefixes('s3:GetObject').toSorted()).toEqual(read.toSorted());
    expect(prefixes('s3:PutObject')).toEqual(read.length === 0 ? [] : ['monitoring/*']);
    expect(role.has('s3:DeleteObject')).toBe(false);
  });

  it.each([
    ['PlanWindow', ['captures/*', 'labels/*']],
    ['ProfileSlice', ['captures/*']],
    ['JoinLabels', ['labels/*']],
  ])('%s lists versions of what it pins or reads: %s', (name, prefixes) => {
    const listing = statementsOf(workflows, new RegExp(`^Monitor${name}Role`)).filter(({ Action }) =>
      [Action].flat().includes('s3:ListBucketVersions'),
    );

    expect(listing.map(({ Condition }) => Condition)).toEqual(
      prefixes.map((prefix) => ({ StringLikeIfExists: { 's3:prefix': prefix } })),
    );
  });
});
