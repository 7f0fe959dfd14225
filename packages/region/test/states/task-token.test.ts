import { describe, expect, it } from 'vitest';
import type { End } from '../../states/execution.ts';
import type { Json } from '../../states/machine-definition.schema.ts';
import { StateError } from '../../states/state-error.ts';
import type { TaskTokens, TokenHolder } from '../../states/task-tokens.ts';
import type { TaskCall } from '../../states/tasks/integration.ts';
import { MachineRun } from './machine-run.ts';

const definition = (fields: object) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Approve',
  States: {
    Approve: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { token: '{% $states.context.Task.Token %}' },
      ...fields,
      End: true,
    },
  },
});

/** Runs the machine; `act` has the token once the function has been called with it. */
async function runWithToken(
  fields: object,
  act: (token: string, tokens: TaskTokens, run: MachineRun) => void | Promise<void>,
): Promise<{ end: End; run: MachineRun; tokens: string[] }> {
  const tokens: string[] = [];
  const call = async ({ arguments: given }: TaskCall): Promise<Json> => {
    const { token } = Object(given);
    tokens.push(token);
    await act(token, run.tokens, run);
    return 'asked';
  };
  const run = new MachineRun({
    definition: definition(fields),
    integration: { call },
  });
  return { end: await run.end(), run, tokens };
}

function holderOf(tokens: TaskTokens, token: string): TokenHolder {
  const state = tokens.look(token);
  if (state.kind !== 'waiting') throw new Error(`the token is ${state.kind}`);
  return state.holder;
}

describe('a task that waits for its token', () => {
  it('succeeds with what comes back with the token, even before the call is answered', async () => {
    const { end, run } = await runWithToken({}, (token, tokens) => {
      holderOf(tokens, token).succeed({ approved: true });
    });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { approved: true } });
    expect(run.history().map(({ type }) => type)).toContain('TaskSucceeded');
  });

  it('records the submission before the answer when the call is answered first', async () => {
    const { run } = await runWithToken({}, (token, tokens, machine) => {
      machine.clock.until(machine.clock.now() + 1000).then(() => holderOf(tokens, token).succeed(1));
    });

    const types = run.history().map(({ type }) => type);
    expect(types.slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });

  it('fails with the error that comes back with the token', async () => {
    const { end } = await runWithToken({}, (token, tokens) => {
      holderOf(tokens, token).fail(new StateError('Declined', 'not good enough'));
    });

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'Declined', cause: 'not good enough' });
  });

  it('times out, and its token is over', async () => {
    const { end, run, tokens } = await runWithToken({ TimeoutSeconds: 600 }, () => undefined);

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'States.Timeout' });
    expect(run.clock.jumpsSeconds).toEqual([600]);
    expect(run.tokens.look(tokens[0] ?? '')).toEqual({ kind: 'over' });
  });

  it('lives on as long as heartbeats come in time', async () => {
    const { end, run } = await runWithToken(
      { TimeoutSeconds: 600, HeartbeatSeconds: 60 },
      (token, tokens, { clock }) => {
        const beat = async () => {
          for (let beats = 0; beats < 3; beats += 1) {
            await clock.until(clock.now() + 50_000);
            holderOf(tokens, token).heartbeat();
          }
        };
        void beat();
      },
    );

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'States.Timeout' });
    expect(run.clock.jumpsSeconds).toEqual([50, 50, 50, 60]);
  });

  it('knows a token that was never one', () => {
    const run = new MachineRun({ definition: definition({}) });

    expect(run.tokens.look('AAAA')).toEqual({ kind: 'invalid' });
  });
});
