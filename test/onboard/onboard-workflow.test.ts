import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../packages/region/states/machine-definition.schema.ts';
import { StateError } from '../../packages/region/states/state-error.ts';
import { MachineRun } from '../../packages/region/test/states/machine-run.ts';

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

/** A model with both alarms and a schedule, and one that was deleted. */
const plan = {
  alarms: [{ AlarmName: 'drift' }, { AlarmName: 'quality' }],
  obsoleteAlarms: ['old'],
  schedules: [{ Name: 'monitor' }],
  obsoleteSchedules: [{ Name: 'retrain' }],
};
const toMake = (definitionHash: string) => ({ outcome: 'to-make', definitionHash, plan });
const made = { outcome: 'made', message: 'Made.' };

type Answer = Json | { readonly fails: string };

interface Answers {
  readonly OnboardDefinitionArn?: Answer[];
  /** What the machine gets; the event of a file unless told. */
  readonly given?: Json;
  readonly ListModelsArn?: Answer[];
  readonly ReportFailureArn?: Answer[];
  /** By default the plan is made at once. */
  readonly PlanMonitoringArn?: Answer[];
  /** What requests to CloudWatch and Scheduler fail with, attempt by attempt; then they succeed. */
  readonly failures?: Readonly<Record<string, string[]>>;
}

/** Runs the machine with the functions' answers, attempt by attempt; collects what they got and what was put on the bus. */
async function run({ failures = {}, given: executionInput = input, ...functions }: Answers) {
  const answers = new Map(
    Object.entries({ PlanMonitoringArn: [toMake('d1'), made], ...functions }).map(([name, list]) => [
      name,
      [...list],
    ]),
  );
  const failing = new Map(Object.entries(failures).map(([action, names]) => [action, [...names]]));
  const payloads: { name: string; payload: unknown }[] = [];
  const put: unknown[] = [];
  const requests: [string, unknown][] = [];
  const machine = new MachineRun({
    definition,
    input: executionInput,
    integration: {
      async look(_call, submission) {
        const failure = failing.get('child')?.shift();
        if (failure !== undefined) throw new StateError(failure, 'the cause');
        return { status: 'succeeded', result: submission };
      },
      async call({ resource, arguments: given }) {
        const { Entries, FunctionName: name, Payload: payload } = Object(given);
        if (resource.service === 'events') {
          put.push(...Entries);
          return { FailedEntryCount: 0 };
        }
        if (resource.service !== 'lambda') {
          requests.push([resource.action, given]);
          const failure = failing.get(resource.action)?.shift();
          if (failure !== undefined) throw new StateError(failure, 'the cause');
          return {};
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
  const end = await machine.end();
  return {
    end,
    payloads: payloads.filter(({ name }) => name !== 'PlanMonitoringArn'),
    put,
    requests,
    plans: payloads.filter(({ name }) => name === 'PlanMonitoringArn'),
  };
}

const entry = (type: string) => ({
  EventBusName: 'EventBusName',
  Source: 'tidemark',
  DetailType: type,
  Detail: { model: 'churn', message: 'Told.' },
});

/** Every function is told which execution invokes it. */
const invokedBy = expect.stringMatching(/^arn:aws:states:.*:execution:/);

describe('the onboard state machine', () => {
  it('gives the function the delivery and the execution, and tells what came of it', async () => {
    const { end, payloads, put } = await run({ OnboardDefinitionArn: [onboarded] });

    expect(end).toEqual({ status: 'SUCCEEDED', output: { outcome: 'onboarded', message: 'Told.' } });
    expect(payloads).toEqual([
      {
        name: 'OnboardDefinitionArn',
        payload: {
          invokedBy: 'arn:aws:states:eu-west-1:111122223333:execution:machine:case',
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
        invokedBy: expect.any(String),
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

describe('alarms and schedules', () => {
  const all = [
    ['putMetricAlarm', { AlarmName: 'drift' }],
    ['putMetricAlarm', { AlarmName: 'quality' }],
    ['deleteAlarms', { AlarmNames: ['old'] }],
    ['createSchedule', { Name: 'monitor' }],
    ['deleteSchedule', { Name: 'retrain' }],
  ];

  it('are made once the model is announced, and recorded', async () => {
    const { end, requests, plans, put } = await run({ OnboardDefinitionArn: [onboarded] });

    expect(end.status).toBe('SUCCEEDED');
    expect(put).toHaveLength(1);
    expect(requests).toEqual(all);
    expect(plans.map(({ payload }) => payload)).toEqual([
      { invokedBy, subject: input, made: null },
      { invokedBy, subject: input, made: 'd1' },
    ]);
  });

  it('are made again for a definition that says what it said, which mends what was deleted', async () => {
    const { requests } = await run({ OnboardDefinitionArn: [unchanged] });

    expect(requests).toEqual(all);
  });

  it.each([
    ['rejected', rejected],
    ['stale', { outcome: 'stale', message: 'Older.', events: [] }],
    ['ignored', { outcome: 'ignored', message: 'A folder.', events: [] }],
  ])('are not made for a file that is %s', async (_, answer) => {
    const { requests, plans } = await run({ OnboardDefinitionArn: [answer] });

    expect(requests).toEqual([]);
    expect(plans).toEqual([]);
  });

  it('are made anew when another definition has come meanwhile', async () => {
    const { end, requests, plans } = await run({
      OnboardDefinitionArn: [onboarded],
      PlanMonitoringArn: [toMake('d1'), toMake('d2'), made],
    });

    expect(end.status).toBe('SUCCEEDED');
    expect(requests).toEqual([...all, ...all]);
    expect(plans.at(-1)?.payload).toMatchObject({ made: 'd2' });
  });

  it('that are there are updated, and those that are gone are gone', async () => {
    const { end, requests } = await run({
      OnboardDefinitionArn: [onboarded],
      failures: {
        createSchedule: ['Scheduler.ConflictException'],
        deleteAlarms: ['CloudWatch.ResourceNotFoundException'],
        deleteSchedule: ['Scheduler.ResourceNotFoundException'],
      },
    });

    expect(end.status).toBe('SUCCEEDED');
    expect(requests).toEqual([
      ...all.slice(0, 4),
      ['updateSchedule', { Name: 'monitor' }],
      ['deleteSchedule', { Name: 'retrain' }],
    ]);
  });

  it.each(['putMetricAlarm', 'createSchedule', 'deleteAlarms', 'deleteSchedule'])(
    'wait for %s while it is throttled',
    async (action) => {
      const throttled = Array.from({ length: 12 }, () => 'CloudWatch.CloudWatchException');

      const { end, requests } = await run({
        OnboardDefinitionArn: [onboarded],
        failures: { [action]: throttled },
      });

      expect(end.status).toBe('SUCCEEDED');
      expect(requests.length).toBe(all.length + 12);
    },
  );

  it.each(['putMetricAlarm', 'createSchedule', 'deleteAlarms', 'deleteSchedule'])(
    'that cannot be made fail the execution, which a redrive goes on with: %s',
    async (action) => {
      const denied = Array.from({ length: 13 }, () => 'Any.AccessDeniedException');

      const { end, put, plans } = await run({
        OnboardDefinitionArn: [onboarded],
        failures: { [action]: denied },
      });

      expect(end).toMatchObject({ status: 'FAILED', errorName: 'Any.AccessDeniedException' });
      // The model is announced, and nobody has recorded that its monitoring is made.
      expect(put).toHaveLength(1);
      expect(plans).toHaveLength(1);
    },
  );

  it('that cannot be updated fail it too', async () => {
    const { end } = await run({
      OnboardDefinitionArn: [onboarded],
      failures: {
        createSchedule: ['Scheduler.ConflictException'],
        updateSchedule: Array.from({ length: 13 }, () => 'Scheduler.ValidationException'),
      },
    });

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'Scheduler.ValidationException' });
  });

  it('that cannot be planned fail it as well', async () => {
    const { end } = await run({
      OnboardDefinitionArn: [onboarded],
      PlanMonitoringArn: [{ fails: 'InvariantError' }],
    });

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'InvariantError' });
  });
});

describe('by hand', () => {
  const started = (model: string) => [
    'startExecution',
    {
      StateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:machine',
      Input: {
        model,
        AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID:
          'arn:aws:states:eu-west-1:111122223333:execution:machine:case',
      },
    },
  ];

  it('a model’s alarms and schedules are made again, by the definition that counts', async () => {
    const { end, payloads, plans, requests, put } = await run({ given: { model: 'churn' } });

    expect(end).toEqual({ status: 'SUCCEEDED', output: { outcome: 'repaired', message: 'Made.' } });
    expect(payloads).toEqual([]);
    expect(put).toEqual([]);
    expect(requests).toHaveLength(5);
    expect(plans[0]?.payload).toEqual({ invokedBy, subject: { model: 'churn' }, made: null });
  });

  it('a model that nobody onboarded is refused, without an alarm for operators', async () => {
    const unknown = { outcome: 'unknown', message: 'There is no model called chrun.' };

    const { end, requests } = await run({ given: { model: 'chrun' }, PlanMonitoringArn: [unknown] });

    expect(end).toEqual({ status: 'SUCCEEDED', output: { outcome: 'refused', message: unknown.message } });
    expect(requests).toEqual([]);
  });

  it.each([{}, { all: false }, { model: 3 }, { all: 'true' }])(
    'an input that asks for nothing (%j) is refused with what to say',
    async (given) => {
      const { end } = await run({ given });

      expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'refused' } });
      expect(end).toMatchObject({ output: { message: expect.stringContaining('{ "all": true }') } });
    },
  );

  it('those of all models are made by an execution each', async () => {
    const { end, requests, payloads } = await run({
      given: { all: true },
      ListModelsArn: [{ models: ['a', 'b'], next: null }],
    });

    expect(payloads).toEqual([{ name: 'ListModelsArn', payload: { invokedBy, after: '' } }]);
    expect(requests).toEqual([started('a'), started('b')]);
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'repaired' } });
  });

  it('those of no model are made at once', async () => {
    const { end } = await run({ given: { all: true }, ListModelsArn: [{ models: [], next: null }] });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'repaired' } });
  });

  it('more models than one execution takes are another one’s', async () => {
    const { end, requests, payloads } = await run({
      given: { all: true, after: 'a' },
      ListModelsArn: [{ models: ['b'], next: 'b' }],
    });

    expect(payloads).toEqual([{ name: 'ListModelsArn', payload: { invokedBy, after: 'a' } }]);
    expect(requests).toEqual([
      started('b'),
      ['startExecution', expect.objectContaining({ Input: { all: true, after: 'b' } })],
    ]);
    expect(end).toMatchObject({ output: { message: expect.stringContaining('after b') } });
  });

  it.each([1, 30])('%i models that fail keep no other from its turn, and are named', async (count) => {
    const names = Array.from({ length: count }, (_, index) => `m${index}`);

    const { end, requests } = await run({
      given: { all: true },
      ListModelsArn: [{ models: [...names, 'last'], next: null }],
      failures: { child: names.map(() => 'States.TaskFailed') },
    });

    expect(requests).toHaveLength(count + 1);
    expect(end).toMatchObject({ status: 'FAILED', errorName: 'ModelsNotRepaired' });
    expect(end).toMatchObject({ cause: expect.stringContaining(`of ${count} of ${count + 1} models`) });
  });
});
