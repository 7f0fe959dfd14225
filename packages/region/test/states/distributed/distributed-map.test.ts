import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../states/interruption.ts';
import type { Json } from '../../../states/machine-definition.schema.ts';
import { StateError } from '../../../states/state-error.ts';
import type { Integration, TaskCall } from '../../../states/tasks/integration.ts';
import { obstacles, validateStateMachine } from '../../../states/validate.ts';
import { MachineRun } from '../machine-run.ts';

const reader = {
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: 'JSON' },
  Arguments: { Bucket: 'artifacts', Key: '{% $key %}' },
};

const profile = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'profile', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
};

/** A machine that remembers a key, maps over what it finds there, and reports how that ended. */
const machine = (map: object = {}, child: object = profile) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Plan',
  States: {
    Plan: { Type: 'Pass', Assign: { key: 'items.json' }, Next: 'Slices' },
    Slices: {
      Type: 'Map',
      Label: 'Slices',
      ItemReader: reader,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Profile',
        States: { Profile: child },
      },
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'Failed' }],
      End: true,
      ...map,
    },
    Failed: { Type: 'Succeed' },
  },
});

interface Fakes {
  /** What lies in the bucket, by key. */
  readonly objects?: Readonly<Record<string, string>>;
  readonly call?: (payload: Json, call: TaskCall) => Promise<Json> | Json;
}

function run(definition: object, fakes: Fakes, directory?: string) {
  const payloads: Json[] = [];
  const written = new Map<string, Json>();
  const integration: Integration = {
    async call(call) {
      const given = Object(call.arguments);
      if (call.resource.service !== 's3') {
        payloads.push(given.Payload);
        return { Payload: (await fakes.call?.(given.Payload, call)) ?? given.Payload };
      }
      if (call.resource.action === 'listObjectsV2') return listed(given);
      if (call.resource.action === 'putObject') {
        if (given.Bucket !== 'artifacts') throw new StateError('S3.NoSuchBucketException', 'no bucket');
        written.set(given.Key, given.Body);
        return {};
      }
      const Body = fakes.objects?.[given.Key];
      if (Body === undefined) throw new StateError('S3.NoSuchKeyException', `no ${given.Key}`);
      return { Body };
    },
  };
  const machineRun = new MachineRun({ definition, integration, ...(directory && { directory }) });
  return { machineRun, payloads, written, end: (signal?: AbortSignal) => machineRun.end(signal) };
}

/** Two pages. */
const listed = ({ Prefix, ContinuationToken }: Record<string, string>): Json => ({
  Contents: [
    {
      Key: `${Prefix}${ContinuationToken ?? '1'}`,
      ETag: '"e"',
      Size: 5,
      LastModified: '2026-01-01T00:00:00.500Z',
    },
  ],
  ...(ContinuationToken === undefined && { NextContinuationToken: '2' }),
});

const items = { objects: { 'items.json': '[{"slice":1},{"slice":2},{"slice":3}]' } };

describe('a distributed map', () => {
  it('runs a child for each item of a JSON array in S3, and gives their outputs in order', async () => {
    const { machineRun, end } = run(machine(), {
      ...items,
      call: (payload) => ({ done: Object(payload).slice }),
    });

    expect(await end()).toEqual({ status: 'SUCCEEDED', output: [{ done: 1 }, { done: 2 }, { done: 3 }] });
    expect(machineRun.history().map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('gives each child an execution of its own, whose input is the item', async () => {
    const child = {
      ...profile,
      Arguments: {
        FunctionName: 'profile',
        Payload:
          '{% { "name": $states.context.Execution.Name, "id": $states.context.Execution.Id, "input": $states.context.Execution.Input } %}',
      },
    };
    const { payloads, end } = run(machine({}, child), items);
    await end();

    const executions = payloads.map((payload) => Object(payload));
    expect(executions.map(({ input }) => input)).toEqual([{ slice: 1 }, { slice: 2 }, { slice: 3 }]);
    expect(new Set(executions.map(({ name }) => name)).size).toBe(3);
    for (const { id, name } of executions) {
      expect(id).toBe(`arn:aws:states:eu-west-1:111122223333:execution:machine/Slices:${name}`);
    }
  });

  it.each([
    [
      'JSON lines',
      { objects: { 'items.json': '1\n\n2\n' } },
      { ItemReader: { ...reader, ReaderConfig: { InputType: 'JSONL' } } },
      [1, 2],
    ],
    [
      'the first items only',
      items,
      { ItemReader: { ...reader, ReaderConfig: { MaxItems: 1 } } },
      [{ slice: 1 }],
    ],
    ['an array of its own', {}, { ItemReader: undefined, Items: [7, 8] }, [7, 8]],
    ['an empty array', { objects: { 'items.json': '[]' } }, {}, []],
    [
      'what a selector makes of the items',
      items,
      {
        ItemSelector: {
          n: '{% $states.context.Map.Item.Index %}',
          s: '{% $states.context.Map.Item.Value.slice %}',
          key: '{% $key %}',
        },
      },
      [
        { n: 0, s: 1, key: 'items.json' },
        { n: 1, s: 2, key: 'items.json' },
        { n: 2, s: 3, key: 'items.json' },
      ],
    ],
    [
      'batches',
      items,
      { ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { key: '{% $key %}' } } },
      [
        { Items: [{ slice: 1 }, { slice: 2 }], BatchInput: { key: 'items.json' } },
        { Items: [{ slice: 3 }], BatchInput: { key: 'items.json' } },
      ],
    ],
    [
      'batches by bytes',
      items,
      { ItemBatcher: { MaxInputBytesPerBatch: 30 } },
      [{ Items: [{ slice: 1 }] }, { Items: [{ slice: 2 }] }, { Items: [{ slice: 3 }] }],
    ],
    [
      'listed objects',
      {},
      {
        ItemReader: {
          Resource: 'arn:aws:states:::s3:listObjectsV2',
          Arguments: { Bucket: 'artifacts', Prefix: 'captures/' },
        },
      },
      ['captures/1', 'captures/2'].map((Key) => ({
        Etag: '"e"',
        Key,
        LastModified: 1767225600,
        Size: 5,
        StorageClass: 'STANDARD',
      })),
    ],
  ])('maps over %s', async (_title, fakes, map, expected) => {
    const definition: object = JSON.parse(JSON.stringify(machine(map)));
    const { payloads, end } = run(definition, fakes);

    expect(obstacles(validateStateMachine(definition))).toEqual([]);
    expect((await end()).status).toBe('SUCCEEDED');
    expect(payloads).toEqual(expected);
  });

  it.each([
    ['there is no object', {}, /NoSuchKey/],
    ['the object is no JSON', { objects: { 'items.json': '[' } }, /not valid JSON/],
    [
      'the object is no array',
      { objects: { 'items.json': '{"a":1}' } },
      /^Attempting to map over non-iterable node\.$/,
    ],
  ])('fails as a reader when %s', async (_title, fakes, cause) => {
    const { output } = await run(machine(), fakes).end();

    expect(output).toMatchObject({ Error: 'States.ItemReaderFailed', Cause: expect.stringMatching(cause) });
  });

  // Recorded on AWS by LocalStack (8b9a79f): test_map_item_reader_json_no_json_list_object, 21 September 2023.
  it('ends its run when the reader fails, in a history that knows of no items', async () => {
    const { machineRun, end } = run(machine(), { objects: { 'items.json': '{"a":1}' } });
    await end();

    const history = machineRun.history();
    expect(history.map(({ type }) => type).slice(3, 8)).toEqual([
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunFailed',
      'MapStateFailed',
    ]);
    expect(history[4]?.details).toEqual({ mapStateStartedEventDetails: { length: 0 } });
    expect(history[6]?.details).toEqual({
      mapRunFailedEventDetails: {
        error: 'States.ItemReaderFailed',
        cause: 'Attempting to map over non-iterable node.',
      },
    });
  });

  it('knows at its start of no items that a reader finds later, and of those that it is given', async () => {
    const lengthOf = async (map: object) => {
      const definition: object = JSON.parse(JSON.stringify(machine(map)));
      const { machineRun, end } = run(definition, { objects: { 'items.json': '[1,2]' } });
      await end();
      return machineRun.history().find(({ type }) => type === 'MapStateStarted')?.details;
    };

    expect(await lengthOf({})).toEqual({ mapStateStartedEventDetails: { length: 0 } });
    expect(await lengthOf({ ItemReader: undefined, Items: [7, 8] })).toEqual({
      mapStateStartedEventDetails: { length: 2 },
    });
  });

  it('runs no more children at a time than MaxConcurrency', async () => {
    let running = 0;
    let most = 0;
    const { end } = run(machine({ MaxConcurrency: 2 }), {
      objects: { 'items.json': JSON.stringify([1, 2, 3, 4, 5, 6]) },
      async call(payload) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return payload;
      },
    });
    await end();

    expect(most).toBe(2);
  });
});

describe('failures of children', () => {
  const failing = (slices: readonly number[]) => ({
    objects: { 'items.json': JSON.stringify([1, 2, 3, 4, 5].map((slice) => ({ slice }))) },
    call: (payload: Json) => {
      const { slice } = Object(payload);
      if (slices.includes(slice)) throw new StateError('UnreadableError', `slice ${slice}`);
      return slice;
    },
  });

  it.each([
    ['none is tolerated unless told', {}, [3], undefined],
    ['a count is tolerated', { ToleratedFailureCount: 1 }, [3], [1, 2, 4, 5]],
    ['more than the count is not', { ToleratedFailureCount: 1 }, [1, 3], undefined],
    ['a percentage is tolerated', { ToleratedFailurePercentage: 40 }, [1, 3], [2, 4, 5]],
    ['more than the percentage is not', { ToleratedFailurePercentage: 39 }, [1, 3], undefined],
    [
      'the stricter of both decides',
      { ToleratedFailureCount: 1, ToleratedFailurePercentage: 100 },
      [1, 3],
      undefined,
    ],
  ])('%s', async (_title, map, slices, outputs) => {
    const { output } = await run(machine({ MaxConcurrency: 1, ...map }), failing(slices)).end();

    if (outputs) expect(output).toEqual(outputs);
    else {
      expect(output).toMatchObject({
        Error: 'States.ExceedToleratedFailureThreshold',
        Cause: expect.stringContaining('UnreadableError'),
      });
    }
  });

  it('end the map: no further child is begun', async () => {
    const { payloads, end, machineRun } = run(machine({ MaxConcurrency: 1 }), failing([2]));
    await end();

    expect(payloads).toEqual([{ slice: 1 }, { slice: 2 }]);
    const types = machineRun.history().map(({ type }) => type);
    expect(types).toContain('MapRunFailed');
    expect(types).toContain('MapStateFailed');
  });

  it('are retried by the map as a whole', async () => {
    let calls = 0;
    const { end } = run(
      machine({ MaxConcurrency: 1, Retry: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'] }] }),
      {
        objects: { 'items.json': '[1]' },
        call: (payload) => {
          calls += 1;
          if (calls === 1) throw new StateError('Once');
          return payload;
        },
      },
    );

    expect((await end()).output).toEqual([1]);
  });
});

describe('a result writer', () => {
  const writer = (changes: object = {}) => ({
    ResultWriter: {
      Resource: 'arn:aws:states:::s3:putObject',
      Arguments: { Bucket: 'artifacts', Prefix: 'results/' },
      ...changes,
    },
  });
  const uneven = {
    ...items,
    call: (payload: Json) => {
      const { slice } = Object(payload);
      if (slice === 2) throw new StateError('Uneven', 'slice 2');
      return [slice];
    },
  };

  it('writes each child with how it ended, and a manifest, and gives its place', async () => {
    const { written, end } = run(machine({ ToleratedFailureCount: 1, ...writer() }), uneven);
    const { output } = await end();

    const { ResultWriterDetails, MapRunArn } = Object(output);
    const folder = ResultWriterDetails.Key.replace('manifest.json', '');
    expect(MapRunArn).toMatch(/^arn:aws:states:eu-west-1:111122223333:mapRun:machine\/Slices:[0-9a-f-]{36}$/);
    expect(folder).toBe(`results/${MapRunArn.split(':').at(-1)}/`);
    expect(written.get(ResultWriterDetails.Key)).toEqual({
      DestinationBucket: 'artifacts',
      MapRunArn,
      ResultFiles: {
        FAILED: [{ Key: `${folder}FAILED_0.json`, Size: expect.any(Number) }],
        PENDING: [],
        SUCCEEDED: [{ Key: `${folder}SUCCEEDED_0.json`, Size: expect.any(Number) }],
      },
    });
    expect(written.get(`${folder}SUCCEEDED_0.json`)).toMatchObject([
      {
        Status: 'SUCCEEDED',
        Input: '{"slice":1}',
        Output: '[1]',
        StateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:machine/Slices',
      },
      { Input: '{"slice":3}', Output: '[3]' },
    ]);
    expect(written.get(`${folder}FAILED_0.json`)).toMatchObject([
      { Status: 'FAILED', Error: 'Uneven', Cause: 'slice 2', Input: '{"slice":2}' },
    ]);
  });

  it.each([
    ['COMPACT', [[1], [3]]],
    ['FLATTEN', [1, 3]],
  ])('writes outputs alone: %s', async (Transformation, expected) => {
    const { written, end } = run(
      machine({ ToleratedFailureCount: 1, ...writer({ WriterConfig: { Transformation } }) }),
      uneven,
    );
    await end();

    const [, succeeded] = [...written].find(([key]) => key.endsWith('SUCCEEDED_0.json')) ?? [];
    expect(succeeded).toEqual(expected);
  });

  it('writes the results of a map that fails, too', async () => {
    const { written, end } = run(machine({ MaxConcurrency: 1, ...writer() }), uneven);
    const { output } = await end();

    expect(output).toMatchObject({ Error: 'States.ExceedToleratedFailureThreshold' });
    expect([...written.keys()].map((key) => key.split('/').at(-1))).toEqual([
      'FAILED_0.json',
      'SUCCEEDED_0.json',
      'manifest.json',
    ]);
  });

  it('fails the map when it cannot write', async () => {
    const { end } = run(machine(writer({ Arguments: { Bucket: 'missing' } })), items);

    expect((await end()).output).toMatchObject({
      Error: 'States.ResultWriterFailed',
      Cause: expect.stringContaining('NoSuchBucket'),
    });
  });
});

describe('after a restart', () => {
  it('children that had ended are not run again, and the items are not read again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'distributed-'));
    const closing = new AbortController();
    const first = run(
      machine({ MaxConcurrency: 1 }),
      {
        ...items,
        call: (payload) => {
          if (Object(payload).slice === 2) closing.abort(new Interruption({ kind: 'region-closing' }));
          return payload;
        },
      },
      directory,
    );
    await expect(first.end(closing.signal)).rejects.toThrow(Interruption);

    const second = run(machine({ MaxConcurrency: 1 }), {}, directory);
    const { output } = await second.end();

    expect(output).toEqual([{ slice: 1 }, { slice: 2 }, { slice: 3 }]);
    expect(second.payloads).not.toContainEqual({ slice: 1 });
  });

  it('a map that had failed has failed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'distributed-'));
    const failing = { ...items, call: () => Promise.reject(new StateError('Broken')) };
    await run(machine(), failing, directory).end();

    const again = run(machine(), items, directory);
    expect((await again.end()).output).toMatchObject({ Error: 'States.ExceedToleratedFailureThreshold' });
    expect(again.payloads).toEqual([]);
  });
});

describe('the validation of a distributed map', () => {
  it.each([
    [
      'an outer variable',
      machine({}, { ...profile, Arguments: { FunctionName: 'profile', Payload: '{% $key %}' } }),
      /key/,
    ],
    [
      'express children',
      machine({
        ItemProcessor: {
          ...machine().States.Slices.ItemProcessor,
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        },
      }),
      /STANDARD children only/,
    ],
    [
      'CSV',
      machine({ ItemReader: { ...reader, ReaderConfig: { InputType: 'CSV' } } }),
      /JSON and JSONL, not CSV/,
    ],
    [
      'results in JSON lines',
      machine({
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          WriterConfig: { OutputType: 'JSONL' },
          Arguments: { Bucket: 'b' },
        },
      }),
      /not JSONL/,
    ],
    ['items twice', machine({ Items: [] }), /not both/],
    [
      'a reader of an inline map',
      machine({
        ItemProcessor: { ...machine().States.Slices.ItemProcessor, ProcessorConfig: { Mode: 'INLINE' } },
      }),
      /distributed maps only/,
    ],
    [
      'another reader',
      machine({ ItemReader: { ...reader, Resource: 'arn:aws:states:::s3:headObject' } }),
      /getObject/,
    ],
  ])('finds %s', (_title, definition, message) => {
    expect(
      obstacles(validateStateMachine(definition))
        .map((finding) => finding.message)
        .join('\n'),
    ).toMatch(message);
  });
});
