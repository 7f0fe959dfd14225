import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { Scenario } from '../scenario.ts';
import { scenarioRoleArn, type World } from '../worlds/world.ts';
import { table } from './dynamodb-tables.ts';

/** Waits for the end of an execution. @throws Error when it still runs after 20 seconds */
export async function ended({ states }: World, executionArn: string | undefined): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const { status } = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return;
    await setTimeout(200);
  }
  throw new Error(`${executionArn} does not end.`);
}

const machine = (States: Record<string, object>, StartAt = 'A') => ({
  QueryLanguage: 'JSONata',
  StartAt,
  States,
});
const end = { End: true };
const ok = { Type: 'Pass', Output: 'caught', ...end };
const fail = (name: string) => ({ Type: 'Fail', Error: name, Cause: 'on purpose' });
const one = (state: object) => machine({ A: state });
/** Of a branch or of a map's items: only the whole machine names its query language, and its states have names of their own. */
const inner = (state: object, name = 'Inner') => ({ StartAt: name, States: { [name]: state } });
const task = (Resource: string, Arguments: object, more: object = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::${Resource}`,
  Arguments,
  ...end,
  ...more,
});
const item = { pk: { S: 'a' }, sk: { S: 'b' }, n: { N: '1' } };

/** Machines without expressions, which moto's interpreter does not evaluate. */
const machines: Readonly<Record<string, object>> = {
  'Pass of its input': one({ Type: 'Pass', ...end }),
  'Pass with an output': one({ Type: 'Pass', Output: { a: [1, 'x', null] }, ...end }),
  'Pass before Succeed': machine({ A: { Type: 'Pass', Output: 1, Next: 'B' }, B: { Type: 'Succeed' } }),
  'Succeed with an output': one({ Type: 'Succeed', Output: { a: 1 } }),
  Fail: one(fail('Custom')),
  'Fail without a cause': one({ Type: 'Fail', Error: 'Custom' }),
  'Fail without an error': one({ Type: 'Fail' }),
  'Wait of a second': one({ Type: 'Wait', Seconds: 1, ...end }),
  'Wait until the past': one({ Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', ...end }),
  'Assign of literals': one({ Type: 'Pass', Assign: { a: 1, b: { c: 'x' } }, ...end }),
  'Choice without a rule that fits': machine({
    A: { Type: 'Choice', Choices: [{ Condition: false, Next: 'B' }] },
    B: ok,
  }),
  'Choice by default': machine({
    A: { Type: 'Choice', Choices: [{ Condition: false, Next: 'C' }], Default: 'B' },
    B: { Type: 'Pass', Output: 'default', ...end },
    C: ok,
  }),
  'Choice of true': machine({
    A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'B', Output: 'chosen' }] },
    B: { Type: 'Pass', ...end },
  }),
  'Parallel of two': one({
    Type: 'Parallel',
    Branches: [
      inner({ Type: 'Pass', Output: 1, ...end }),
      inner({ Type: 'Pass', Output: 2, ...end }, 'Second'),
    ],
    ...end,
  }),
  'Parallel of which one fails': one({ Type: 'Parallel', Branches: [inner(fail('Branch'))], ...end }),
  'Parallel that is caught': machine({
    A: {
      Type: 'Parallel',
      Branches: [inner(fail('Branch'))],
      Catch: [{ ErrorEquals: ['Branch'], Next: 'B' }],
      ...end,
    },
    B: ok,
  }),
  'Parallel that is tried again': one({
    Type: 'Parallel',
    Branches: [inner(fail('Branch'))],
    Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }],
    ...end,
  }),
  'Map over a list': one({
    Type: 'Map',
    Items: [1, 2],
    MaxConcurrency: 1,
    ItemProcessor: inner({ Type: 'Pass', ...end }),
    ...end,
  }),
  'Map over nothing': one({ Type: 'Map', Items: [], ItemProcessor: inner({ Type: 'Pass', ...end }), ...end }),
  'Map with an item selector': one({
    Type: 'Map',
    Items: [1],
    ItemSelector: { fixed: true },
    ItemProcessor: inner({ Type: 'Pass', ...end }),
    ...end,
  }),
  'Map of which one fails': one({ Type: 'Map', Items: [1], ItemProcessor: inner(fail('Item')), ...end }),
  'Map that is caught': machine({
    A: {
      Type: 'Map',
      Items: [1],
      ItemProcessor: inner(fail('Item')),
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
      ...end,
    },
    B: ok,
  }),
  'Task that writes an item': one(task('dynamodb:putItem', { TableName: 'things', Item: item })),
  'Task that reads no item': one(
    task('dynamodb:getItem', { TableName: 'things', Key: { pk: { S: 'z' }, sk: { S: 'z' } } }),
  ),
  'Task that writes to no table': one(task('dynamodb:putItem', { TableName: 'none', Item: item })),
  'Task whose condition fails': one(
    task('dynamodb:putItem', {
      TableName: 'things',
      Item: item,
      ConditionExpression: 'attribute_exists(absent)',
    }),
  ),
  'Task that is caught by its error': machine({
    A: task(
      'dynamodb:putItem',
      { TableName: 'none', Item: item },
      {
        Catch: [
          {
            ErrorEquals: ['DynamoDB.ResourceNotFoundException', 'DynamoDb.ResourceNotFoundException'],
            Next: 'B',
          },
        ],
      },
    ),
    B: ok,
  }),
  'Task that is caught as any failure': machine({
    A: task(
      'dynamodb:putItem',
      { TableName: 'none', Item: item },
      { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'B' }] },
    ),
    B: ok,
  }),
  'Task that is tried again': one(
    task(
      'dynamodb:putItem',
      { TableName: 'none', Item: item },
      { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2 }] },
    ),
  ),
  'Task of the SDK': one(task('aws-sdk:dynamodb:listTables', {})),
  'Task of the SDK that fails': one(task('aws-sdk:dynamodb:describeTable', { TableName: 'none' })),
  'Task that puts an event': one(
    task('events:putEvents', { Entries: [{ Source: 'x', DetailType: 'y', Detail: { a: 1 } }] }),
  ),
};

export const machineScenarios: readonly Scenario[] = [
  {
    service: 'states',
    name: 'running machines',
    async run(world, steps) {
      const { states } = world;
      await world.dynamodb.send(new CreateTableCommand(table));
      await world.sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
      for (const [index, [what, definition]] of Object.entries(machines).entries()) {
        const { stateMachineArn } = await steps.call(`CreateStateMachine ${what}`, () =>
          states.send(
            new CreateStateMachineCommand({
              name: `m${index}`,
              definition: JSON.stringify(definition),
              roleArn: scenarioRoleArn,
            }),
          ),
        );
        if (stateMachineArn === undefined) continue;
        const { executionArn } = await states.send(
          new StartExecutionCommand({ stateMachineArn, name: 'run', input: '{"in":1}' }),
        );
        await ended(world, executionArn);
        await steps.call(`DescribeExecution ${what}`, async () => {
          const { output, ...answer } = await states.send(new DescribeExecutionCommand({ executionArn }));
          return { ...answer, output: shownOutput(output) };
        });
        await steps.call(`GetExecutionHistory ${what}`, async () => {
          const { events = [], ...answer } = await states.send(
            new GetExecutionHistoryCommand({ executionArn }),
          );
          const types = events.map(({ type }) => type);
          // Branches take turns as they come.
          return { ...answer, types: what.startsWith('Parallel of two') ? types.sort() : types };
        });
      }
    },
  },
];

/** The output of a task names its request. */
function shownOutput(output: string | undefined): unknown {
  if (output === undefined) return undefined;
  const value = parsed(output);
  for (const member of ['SdkHttpMetadata', 'SdkResponseMetadata'])
    if (Object(value)[member]) value[member] = 'some';
  for (const entry of Object(value).Entries ?? []) entry.EventId = 'some';
  return value;
}

/** moto answers a text as it is. */
function parsed(output: string) {
  try {
    return JSON.parse(output);
  } catch {
    return `not JSON: ${output}`;
  }
}
