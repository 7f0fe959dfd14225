import {
  CreateStateMachineCommand,
  type CreateStateMachineCommandInput,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import type { Scenario } from '../scenario.ts';
import { place, scenarioRoleArn } from '../worlds/world.ts';
import { ended } from './states-machines.ts';

const arnOf = (kind: string, name: string) =>
  `arn:aws:states:${place.region}:${place.accountId}:${kind}:${name}`;
const pass = (Output: unknown = 'done') =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: { A: { Type: 'Pass', Output, End: true } },
  });
const waiting = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'A',
  States: { A: { Type: 'Wait', Seconds: 600, End: true } },
});

export const statesScenarios: readonly Scenario[] = [
  {
    service: 'states',
    name: 'machines',
    async run({ states }, steps) {
      const create = (what: string, input: Partial<CreateStateMachineCommandInput>) =>
        steps.call(`CreateStateMachine ${what}`, () =>
          states.send(
            new CreateStateMachineCommand({
              name: 'm',
              definition: pass(),
              roleArn: scenarioRoleArn,
              ...input,
            }),
          ),
        );
      const describe = (what: string, name: string) =>
        steps.call(`DescribeStateMachine ${what}`, () =>
          states.send(new DescribeStateMachineCommand({ stateMachineArn: arnOf('stateMachine', name) })),
        );
      await create('first', {});
      await create('again', {});
      await create('again with another definition', { definition: pass('other') });
      await create('with a space in its name', { name: 'a b' });
      await create('with a name of 81 characters', { name: 'n'.repeat(81) });
      await create('with a role of none', { name: 'no-role', roleArn: 'role' });
      await create('that is not JSON', { name: 'wrong', definition: 'no JSON' });
      await create('without states', { name: 'wrong', definition: '{"StartAt":"A"}' });
      await create('that starts nowhere', {
        name: 'wrong',
        definition: pass().replace('"StartAt":"A"', '"StartAt":"B"'),
      });
      await create('with a type of none', { name: 'wrong', definition: pass().replace('Pass', 'Nosuch') });
      await describe('first', 'm');
      await describe('of none', 'none');
      await steps.call('DescribeStateMachine of what is not an ARN', () =>
        states.send(new DescribeStateMachineCommand({ stateMachineArn: 'm' })),
      );
      for (const name of ['b', 'c']) await create(name, { name });
      await steps.call('ListStateMachines', async () => {
        const answer = await states.send(new ListStateMachinesCommand({}));
        return {
          ...answer,
          stateMachines: answer.stateMachines?.sort((one, other) =>
            (one.name ?? '') < (other.name ?? '') ? -1 : 1,
          ),
        };
      });
      await steps.call('UpdateStateMachine', () =>
        states.send(
          new UpdateStateMachineCommand({
            stateMachineArn: arnOf('stateMachine', 'm'),
            definition: pass('new'),
          }),
        ),
      );
      await describe('that was updated', 'm');
      await steps.call('UpdateStateMachine with nothing', () =>
        states.send(new UpdateStateMachineCommand({ stateMachineArn: arnOf('stateMachine', 'm') })),
      );
      await steps.call('UpdateStateMachine of none', () =>
        states.send(
          new UpdateStateMachineCommand({
            stateMachineArn: arnOf('stateMachine', 'none'),
            definition: pass(),
          }),
        ),
      );
      await steps.call('ValidateStateMachineDefinition', () =>
        states.send(new ValidateStateMachineDefinitionCommand({ definition: pass() })),
      );
      for (const name of ['b', 'none'])
        await steps.call(`DeleteStateMachine of ${name}`, () =>
          states.send(new DeleteStateMachineCommand({ stateMachineArn: arnOf('stateMachine', name) })),
        );
    },
  },
  {
    service: 'states',
    name: 'executions',
    async run(world, steps) {
      const { states } = world;
      const made = async (name: string, definition: string) =>
        states.send(new CreateStateMachineCommand({ name, definition, roleArn: scenarioRoleArn }));
      await made('m', pass());
      await made('w', waiting);
      const start = (what: string, machine: string, name: string, input?: string) =>
        steps.call(`StartExecution ${what}`, () =>
          states.send(
            new StartExecutionCommand({ stateMachineArn: arnOf('stateMachine', machine), name, input }),
          ),
        );
      const describe = (what: string, machine: string, name: string) =>
        steps.call(`DescribeExecution ${what}`, () =>
          states.send(
            new DescribeExecutionCommand({ executionArn: arnOf('execution', `${machine}:${name}`) }),
          ),
        );
      await start('first', 'm', 'one', '{"a":1}');
      await ended(world, arnOf('execution', 'm:one'));
      await describe('first', 'm', 'one');
      await start('again', 'm', 'one', '{"a":1}');
      await start('again with other input', 'm', 'one', '{"a":2}');
      await start('with input that is not JSON', 'm', 'two', 'no JSON');
      await start('with a space in its name', 'm', 'a b');
      await start('of a machine of none', 'none', 'one');
      await describe('of none', 'm', 'none');
      await steps.call('GetExecutionHistory of none', () =>
        states.send(new GetExecutionHistoryCommand({ executionArn: arnOf('execution', 'm:none') })),
      );
      await start('that waits', 'w', 'long');
      await start('that waits, with the same input', 'w', 'long');
      await start('that waits, with other input', 'w', 'long', '{"b":1}');
      await describe('that waits', 'w', 'long');
      await steps.call('StopExecution', () =>
        states.send(
          new StopExecutionCommand({
            executionArn: arnOf('execution', 'w:long'),
            error: 'Enough',
            cause: 'because',
          }),
        ),
      );
      await ended(world, arnOf('execution', 'w:long'));
      await describe('that was stopped', 'w', 'long');
      await steps.call('StopExecution again', () =>
        states.send(new StopExecutionCommand({ executionArn: arnOf('execution', 'w:long') })),
      );
      await steps.call('StopExecution of none', () =>
        states.send(new StopExecutionCommand({ executionArn: arnOf('execution', 'w:none') })),
      );
      await steps.call('ListExecutions', () =>
        states.send(new ListExecutionsCommand({ stateMachineArn: arnOf('stateMachine', 'w') })),
      );
      await steps.call('ListExecutions that failed', () =>
        states.send(
          new ListExecutionsCommand({ stateMachineArn: arnOf('stateMachine', 'w'), statusFilter: 'FAILED' }),
        ),
      );
      await steps.call('ListExecutions of no machine', () =>
        states.send(new ListExecutionsCommand({ stateMachineArn: arnOf('stateMachine', 'none') })),
      );
      await steps.call('SendTaskSuccess with a token of none', () =>
        states.send(new SendTaskSuccessCommand({ taskToken: 'made-up', output: '{}' })),
      );
    },
  },
];
