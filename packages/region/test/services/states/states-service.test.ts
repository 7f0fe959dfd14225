import {
  CreateStateMachineCommand,
  type CreateStateMachineCommandInput,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineRole, type StatesRegion, startStates } from './states-region.ts';

let region: StatesRegion;
beforeAll(async () => {
  region = await startStates();
  await region.createFunction(
    'ask',
    `export const handler = async (event) => { globalThis.tokens ??= []; if (event.token) tokens.push(event.token); return tokens; };`,
  );
});
afterAll(() => region.stop());

const passing = { QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
const waiting = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 99_999_999, End: true } } };

describe('state machines', () => {
  it('are created, described and listed', async () => {
    const definition = JSON.stringify(passing);

    const { stateMachineArn } = await region.sfn.send(
      new CreateStateMachineCommand({ name: 'made', definition, roleArn: machineRole }),
    );

    expect(stateMachineArn).toBe('arn:aws:states:eu-west-1:111122223333:stateMachine:made');
    const described = await region.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ name: 'made', definition, roleArn: machineRole, type: 'STANDARD' });
    const { stateMachines = [] } = await region.sfn.send(new ListStateMachinesCommand({}));
    expect(stateMachines.map(({ name }) => name)).toContain('made');
  });

  it.each([
    { publish: true },
    { versionDescription: 'd' },
    { tags: [{ key: 'k', value: 'v' }] },
    { loggingConfiguration: { level: 'ALL' } },
    { tracingConfiguration: { enabled: true } },
    { encryptionConfiguration: { type: 'AWS_OWNED_KEY' } },
    { type: 'EXPRESS' },
  ] satisfies Partial<CreateStateMachineCommandInput>[])(
    'is refused by name with %j, which the region does not serve',
    async (given) => {
      const create = new CreateStateMachineCommand({
        name: 'unserved',
        definition: JSON.stringify(passing),
        roleArn: machineRole,
        ...given,
      });

      await expect(region.sfn.send(create)).rejects.toMatchObject({
        name: 'NotImplemented',
        message: expect.stringContaining(
          Object.keys(given)[0] === 'type' ? 'EXPRESS' : (Object.keys(given)[0] ?? ''),
        ),
      });
    },
  );

  it('may be created twice alike, and not differently', async () => {
    const create = (definition: object) =>
      region.sfn.send(
        new CreateStateMachineCommand({
          name: 'twice',
          definition: JSON.stringify(definition),
          roleArn: machineRole,
        }),
      );
    await create(passing);

    await expect(create(passing)).resolves.toMatchObject({});
    await expect(create({ ...passing, Comment: 'other' })).rejects.toMatchObject({
      name: 'StateMachineAlreadyExists',
    });
  });

  it.each([
    { why: 'no JSON', definition: 'not JSON', says: 'INVALID_JSON_DESCRIPTION' },
    { why: 'no states', definition: '{"QueryLanguage":"JSONata","StartAt":"A"}', says: 'at /States' },
    {
      why: 'JSONPath',
      definition: JSON.stringify({ ...passing, QueryLanguage: undefined }),
      says: 'machines in JSONPath are not supported by the local region',
    },
    {
      why: 'an expression that does not parse',
      definition: JSON.stringify({
        ...passing,
        States: { A: { Type: 'Pass', Output: '{% ( %}', End: true } },
      }),
      says: 'The JSONata does not parse',
    },
  ])('are refused: $why', async ({ definition, says }) => {
    await expect(
      region.sfn.send(new CreateStateMachineCommand({ name: 'refused', definition, roleArn: machineRole })),
    ).rejects.toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining(says) });
  });

  it('can be validated without being created', async () => {
    const definition = JSON.stringify({ ...passing, StartAt: 'B' });

    const { result, diagnostics } = await region.sfn.send(
      new ValidateStateMachineDefinitionCommand({ definition }),
    );

    expect(result).toBe('FAIL');
    expect(diagnostics?.[0]).toMatchObject({ severity: 'ERROR', location: '/StartAt' });
  });

  it('can be updated; what runs keeps the definition that it began with', async () => {
    const stateMachineArn = region.createMachine('changing', {
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 5, Output: 'old', End: true } },
    });
    const { executionArn } = await region.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    const changed = { ...passing, States: { A: { Type: 'Pass', Output: 'new', End: true } } };
    await region.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(changed) }),
    );

    const { output } = await region.run(stateMachineArn);
    const { output: former } = await region.service.executionOver(executionArn ?? '');

    expect([former, output]).toEqual(['"old"', '"new"']);
  });

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html, Errors
  it('an update without a definition and a role is refused', async () => {
    const stateMachineArn = region.createMachine('unchanged', passing);

    await expect(region.sfn.send(new UpdateStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: 'MissingRequiredParameter',
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html, Errors
  it('a role that is not an ARN of a role is refused', async () => {
    const definition = JSON.stringify(passing);

    await expect(
      region.sfn.send(new CreateStateMachineCommand({ name: 'no-role', definition, roleArn: 'role' })),
    ).rejects.toMatchObject({ name: 'InvalidArn', message: "Invalid Role Arn: 'role'" });
  });

  // LocalStack 8b9a79f, test_sfn_api.snapshot.json
  it('are described with the key that encrypts them, which is AWS’s own', async () => {
    const stateMachineArn = region.createMachine('encrypted', passing);

    await expect(
      region.sfn.send(new DescribeStateMachineCommand({ stateMachineArn })),
    ).resolves.toMatchObject({ encryptionConfiguration: { type: 'AWS_OWNED_KEY' } });
  });
});

describe('an execution', () => {
  it('is described with what it was given and what it gave', async () => {
    const arn = region.createMachine('describe', passing);

    const described = await region.run(arn, { x: 1 });

    expect(described).toMatchObject({
      status: 'SUCCEEDED',
      input: '{"x":1}',
      output: '{"x":1}',
      stateMachineArn: arn,
      startDate: expect.any(Date),
      stopDate: expect.any(Date),
    });
  });

  it('of the same name and input is the same while it runs, and exists already when it is over', async () => {
    const stateMachineArn = region.createMachine('idempotent', waiting);
    const start = (input: string) =>
      region.sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'once', input }));
    const first = await start('{}');

    expect((await start('{}')).executionArn).toBe(first.executionArn);
    await expect(start('{"other":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await region.sfn.send(new StopExecutionCommand({ executionArn: first.executionArn }));
    await expect(start('{}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('can be stopped, with an error and a cause', async () => {
    const stateMachineArn = region.createMachine('stoppable', waiting);
    const { executionArn } = await region.sfn.send(new StartExecutionCommand({ stateMachineArn }));

    await region.sfn.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'of this' }));

    const described = await region.sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'of this' });
    const { events = [] } = await region.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'ExecutionAborted',
    ]);
  });

  it('is aborted when its machine is deleted, and one of another machine is not', async () => {
    const start = async (name: string) => {
      const stateMachineArn = region.createMachine(name, waiting);
      const { executionArn } = await region.sfn.send(new StartExecutionCommand({ stateMachineArn }));
      return { stateMachineArn, executionArn };
    };
    const deleted = await start('short-lived');
    const other = await start('long-lived');

    await region.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: deleted.stateMachineArn }));

    const statusOf = async ({ executionArn }: { executionArn: string | undefined }) =>
      (await region.sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
    expect([await statusOf(deleted), await statusOf(other)]).toEqual(['ABORTED', 'RUNNING']);
    await region.sfn.send(new StopExecutionCommand({ executionArn: other.executionArn }));
  });

  it.each([
    { why: 'input that is not JSON', request: { input: '{' }, name: 'InvalidExecutionInput' },
    { why: 'a name with a blank', request: { name: 'a b' }, name: 'InvalidName' },
    { why: 'a name of 81 characters', request: { name: 'x'.repeat(81) }, name: 'ValidationException' },
    {
      why: 'input above 256 KiB',
      request: { input: JSON.stringify('x'.repeat(262_144)) },
      name: 'InvalidExecutionInput',
    },
    {
      why: 'no such machine',
      request: { stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:x' },
      name: 'StateMachineDoesNotExist',
    },
    { why: 'what is not an ARN', request: { stateMachineArn: 'machine' }, name: 'InvalidArn' },
  ])('is not started with $why', async ({ request, name }) => {
    const stateMachineArn = region.createMachine('strict', passing);

    await expect(
      region.sfn.send(new StartExecutionCommand({ stateMachineArn, ...request })),
    ).rejects.toMatchObject({ name });
  });

  it('is listed by status, newest first, in pages', async () => {
    const stateMachineArn = region.createMachine('listed', {
      StartAt: 'A',
      States: {
        A: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.fail %}', Next: 'F' }],
          Default: 'S',
        },
        F: { Type: 'Fail' },
        S: { Type: 'Succeed' },
      },
    });
    for (const fail of [false, true, true]) await region.run(stateMachineArn, { fail });
    const list = async (statusFilter?: ExecutionStatus) => {
      const { executions = [] } = await region.sfn.send(
        new ListExecutionsCommand({ stateMachineArn, ...(statusFilter && { statusFilter }) }),
      );
      return executions.map(({ status }) => status);
    };

    expect(await list()).toEqual(['FAILED', 'FAILED', 'SUCCEEDED']);
    expect(await list('SUCCEEDED')).toEqual(['SUCCEEDED']);
    expect(await list('RUNNING')).toEqual([]);
    const first = await region.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2 }));
    const second = await region.sfn.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken: first.nextToken }),
    );
    expect([first.executions?.length, second.executions?.length]).toEqual([2, 1]);
    expect(second.nextToken).toBeUndefined();
  });

  it('tells the default bus when it starts and ends', async () => {
    const arn = region.createMachine('announced', passing);

    const { executionArn } = await region.run(arn, 'x');

    const told = region.statusEvents.filter((detail) => Object(detail).executionArn === executionArn);
    expect(told).toMatchObject([
      { status: 'RUNNING', input: '"x"', output: null, stopDate: null },
      { status: 'SUCCEEDED', output: '"x"', stopDate: expect.any(Number) },
    ]);
  });
});

describe('the history', () => {
  it('has the events and details of AWS', async () => {
    const arn = region.createMachine('story', {
      StartAt: 'Ask',
      States: {
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'ask' },
          TimeoutSeconds: 20,
          Assign: { answer: '{% $states.result.StatusCode %}' },
          Output: '{% $states.input %}',
          End: true,
        },
      },
    });
    const { executionArn } = await region.run(arn, { q: 1 });

    const { events = [] } = await region.sfn.send(new GetExecutionHistoryCommand({ executionArn }));

    expect(events).toMatchObject([
      {
        id: 1,
        previousEventId: 0,
        type: 'ExecutionStarted',
        executionStartedEventDetails: { input: '{"q":1}', roleArn: machineRole },
      },
      {
        id: 2,
        previousEventId: 0,
        type: 'TaskStateEntered',
        stateEnteredEventDetails: { name: 'Ask', input: '{"q":1}' },
      },
      {
        id: 3,
        previousEventId: 2,
        type: 'TaskScheduled',
        taskScheduledEventDetails: {
          resourceType: 'lambda',
          resource: 'invoke',
          region: 'eu-west-1',
          parameters: '{"FunctionName":"ask"}',
          timeoutInSeconds: 20,
        },
      },
      { id: 4, previousEventId: 3, type: 'TaskStarted', taskStartedEventDetails: { resourceType: 'lambda' } },
      { id: 5, type: 'TaskSucceeded', taskSucceededEventDetails: { outputDetails: { truncated: false } } },
      {
        id: 6,
        type: 'TaskStateExited',
        stateExitedEventDetails: { output: '{"q":1}', assignedVariables: { answer: '200' } },
      },
      {
        id: 7,
        previousEventId: 6,
        type: 'ExecutionSucceeded',
        executionSucceededEventDetails: { output: '{"q":1}' },
      },
    ]);
    expect(events[0]?.timestamp).toBeInstanceOf(Date);
  });

  it('comes in pages, from either end, with or without the data', async () => {
    const arn = region.createMachine('pages', passing);
    const { executionArn } = await region.run(arn);
    const types: unknown[] = [];

    const pages = paginateGetExecutionHistory(
      { client: region.sfn, pageSize: 1 },
      { executionArn, reverseOrder: true, includeExecutionData: false },
    );
    for await (const { events = [] } of pages) types.push(...events.map(({ type }) => type));

    expect(types).toEqual(['ExecutionSucceeded', 'PassStateExited', 'PassStateEntered', 'ExecutionStarted']);
    const { events = [] } = await region.sfn.send(
      new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }),
    );
    expect(events[0]?.executionStartedEventDetails?.input).toBeUndefined();
  });
});

describe('task tokens over the wire', () => {
  async function startApproval() {
    const stateMachineArn = region.createMachine('approval', {
      StartAt: 'Ask',
      States: {
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
          TimeoutSeconds: 60,
          End: true,
        },
      },
    });
    const { executionArn = '' } = await region.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    const tokenOf = async () => {
      const { events = [] } = await region.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      const submitted = events.some(({ type }) => type === 'TaskSubmitted');
      const scheduled = events.find(({ type }) => type === 'TaskScheduled')?.taskScheduledEventDetails;
      return submitted ? JSON.parse(scheduled?.parameters ?? '{}').Payload.token : undefined;
    };
    await expect.poll(tokenOf).toBeDefined();
    return { executionArn, taskToken: await tokenOf() };
  }

  it('complete the task, once', async () => {
    const { executionArn, taskToken } = await startApproval();

    await region.sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
    await region.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));

    expect(await region.service.executionOver(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"approved":true}',
    });
    await expect(
      region.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' })),
    ).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('fail the task', async () => {
    const { executionArn, taskToken } = await startApproval();

    await region.sfn.send(new SendTaskFailureCommand({ taskToken, error: 'Declined', cause: 'by a person' }));

    expect(await region.service.executionOver(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Declined',
      cause: 'by a person',
    });
  });

  it('are refused when nobody issued them, or when the output is not JSON', async () => {
    const { executionArn, taskToken } = await startApproval();

    await expect(
      region.sfn.send(new SendTaskSuccessCommand({ taskToken: 'mine', output: '{}' })),
    ).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(
      region.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{' })),
    ).rejects.toMatchObject({ name: 'InvalidOutput' });
    await region.sfn.send(new StopExecutionCommand({ executionArn }));
  });
});
