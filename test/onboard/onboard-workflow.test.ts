import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../local/states/definition.schema.ts';
import { StateError } from '../../local/states/state-error.ts';
import { obstacles, validateStateMachine } from '../../local/states/validate.ts';
import { MachineRun } from '../local/states/machine-run.ts';

const definition: unknown = JSON.parse(
  readFileSync(new URL('../../state-machines/onboard.asl.json', import.meta.url), 'utf8').replaceAll(
    /\$\{(\w+)\}/g,
    '$1',
  ),
);
const input = { id: 'event-1', detail: { object: { key: 'definitions/churn.yaml' } } };
const event = (type: string) => ({ type, detail: { model: 'churn', message: 'Told.' } });
const onboarded = { outcome: 'onboarded', message: 'Told.', events: [event('model.onboarded')] };
const rejected = { outcome: 'rejected', message: 'Told.', events: [event('definition.rejected')] };
const unchanged = { outcome: 'unchanged', message: 'The same.', events: [] };

type Answer = Json | { readonly fails: string };

/** Runs the machine with the functions' answers, attempt by attempt; collects what they got and what was put on the bus. */
async function run(functions: { OnboardDefinitionArn: Answer[]; ReportFailureArn?: Answer[] }) {
  const answers = new Map(Object.entries(functions).map(([name, list]) => [name, [...list]]));
  const payloads: { name: string; payload: unknown }[] = [];
  const put: unknown[] = [];
  const machine = new MachineRun({
    definition,
    input,
    integration: {
      patterns: ['request-response'],
      async call({ resource, arguments: given }) {
        const { Entries, FunctionName: name, Payload: payload } = Object(given);
        if (resource.service === 'events') {
          put.push(...Entries);
          return { FailedEntryCount: 0 };
        }
        payloads.push({ name, payload });
        const answer = answers.get(name)?.shift();
        if (answer === undefined) throw new Error(`no further answer for ${name}`);
        if (answer !== null && typeof answer === 'object' && 'fails' in answer) {
          throw new StateError(String(answer.fails), 'the cause');
        }
        return { Payload: answer };
      },
    },
  });
  return { end: await machine.end(), payloads, put };
}

const entry = (type: string) => ({
  EventBusName: 'EventBusName',
  Source: 'tidemark',
  DetailType: type,
  Detail: { model: 'churn', message: 'Told.' },
});

describe('the onboard state machine', () => {
  it('is valid, by AWS’s rules and ours', () => {
    expect(obstacles(validateStateMachine(definition))).toEqual([]);
    expect(validateStateMachine(definition)).toEqual([]);
  });

  it('gives the function the delivery and the execution, and tells what came of it', async () => {
    const { end, payloads, put } = await run({ OnboardDefinitionArn: [onboarded] });

    expect(end).toEqual({ status: 'SUCCEEDED', output: { outcome: 'onboarded', message: 'Told.' } });
    expect(payloads).toEqual([
      {
        name: 'OnboardDefinitionArn',
        payload: {
          executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:machine:case',
          event: input,
        },
      },
    ]);
    expect(put).toEqual([entry('model.onboarded')]);
  });

  it('succeeds when it tells of a rejected file: the file was at fault', async () => {
    const { end, put } = await run({ OnboardDefinitionArn: [rejected] });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'rejected' } });
    expect(put).toEqual([entry('definition.rejected')]);
  });

  it('puts several events at once', async () => {
    const several = { ...onboarded, events: [event('model.onboarded'), event('definition.rejected')] };

    const { put } = await run({ OnboardDefinitionArn: [several] });

    expect(put).toEqual([entry('model.onboarded'), entry('definition.rejected')]);
  });

  it('tells nobody when there is no news', async () => {
    const { end, put } = await run({ OnboardDefinitionArn: [unchanged] });

    expect(end).toEqual({ status: 'SUCCEEDED', output: { outcome: 'unchanged', message: 'The same.' } });
    expect(put).toEqual([]);
  });

  it('tries again when somebody else was first, or a service has a bad moment', async () => {
    const { end, payloads } = await run({
      OnboardDefinitionArn: [
        { fails: 'RegistryConflictError' },
        { fails: 'Lambda.TooManyRequestsException' },
        { fails: 'States.Timeout' },
        onboarded,
      ],
    });

    expect(end.status).toBe('SUCCEEDED');
    expect(payloads).toHaveLength(4);
  });

  it('tells who dropped the file when it fails for good, and fails, so that the alarm rings', async () => {
    const { end, payloads, put } = await run({
      OnboardDefinitionArn: [{ fails: 'InvariantError' }],
      ReportFailureArn: [rejected],
    });

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'InvariantError', cause: 'the cause' });
    expect(payloads[1]).toEqual({
      name: 'ReportFailureArn',
      payload: {
        executionArn: expect.any(String),
        event: input,
        failure: { Error: 'InvariantError', Cause: 'the cause' },
      },
    });
    expect(put).toEqual([entry('definition.rejected')]);
  });

  it('succeeds when the definition was registered and only the answer was lost', async () => {
    const { end, put } = await run({
      OnboardDefinitionArn: Array.from({ length: 6 }, () => ({ fails: 'States.Timeout' })),
      ReportFailureArn: [onboarded],
    });

    expect(end.status).toBe('SUCCEEDED');
    expect(put).toEqual([entry('model.onboarded')]);
  });

  it('fails when it cannot even tell, so that the alarm rings', async () => {
    const { end } = await run({
      OnboardDefinitionArn: [{ fails: 'InvariantError' }],
      ReportFailureArn: Array.from({ length: 6 }, () => ({ fails: 'Lambda.Unknown' })),
    });

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'Lambda.Unknown' });
  });
});
