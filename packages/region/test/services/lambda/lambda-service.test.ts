import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, wallClock } from '../../../clock.ts';
import type { FunctionConfiguration } from '../../../services/lambda/function-configuration.ts';
import { type LambdaService, lambdaService } from '../../../services/lambda/lambda-service.ts';
import { ManualTime } from '../../manual-time.ts';
import { nodeModules, startRegion, writeCode } from '../../region.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function startLambda({
  directory,
  clock = wallClock(),
  layerModules,
}: {
  directory?: string;
  clock?: Clock;
  layerModules?: string;
} = {}) {
  const lines: string[] = [];
  let service: LambdaService | undefined;
  const region = await startRegion((surroundings) => {
    service = lambdaService({
      ...surroundings,
      clock,
      ...(layerModules !== undefined && { layerModules }),
      onLog: (name, line) => lines.push(`${name}: ${line}`),
    });
    return [service];
  }, directory);
  const client = new LambdaClient(region.client);
  stops.push(async () => {
    client.destroy();
    await region.stop();
  });
  if (service === undefined) throw new Error('no service was made');
  const lambda = service;
  return {
    ...region,
    lines,
    lambda,
    client,
    create: (
      name: string,
      code: string | Record<string, string>,
      fields: Partial<FunctionConfiguration> = {},
    ) =>
      lambda.createFunction({
        name,
        codeDirectory: writeCode(typeof code === 'string' ? { 'index.mjs': code } : code),
        handler: 'index.handler',
        environment: {},
        timeoutSeconds: 10,
        memoryMegabytes: 128,
        roleArn: 'arn:aws:iam::111122223333:role/function',
        ...fields,
      }),
    invoke: async (name: string, payload: unknown = {}) => {
      const { Payload, FunctionError } = await client.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }),
      );
      return { error: FunctionError, payload: JSON.parse(Payload?.transformToString() || 'null') };
    },
  };
}

describe('a function', () => {
  it.each([
    {
      kind: 'an ES module',
      code: { 'index.mjs': 'export const handler = async (event) => ({ got: event });' },
    },
    {
      kind: 'a CommonJS module',
      code: { 'index.js': 'exports.handler = async (event) => ({ got: event });' },
    },
    {
      kind: 'an ES module by its package.json',
      code: {
        'package.json': '{"type":"module"}',
        'index.js': 'export const handler = (event) => ({ got: event });',
      },
    },
  ])('runs from $kind', async ({ code }) => {
    const { create, invoke } = await startLambda();
    await create('echo', code);

    expect(await invoke('echo', { x: 1 })).toEqual({ error: undefined, payload: { got: { x: 1 } } });
  });

  it('is deleted with its versions', async () => {
    const { create, lambda, client } = await startLambda();
    await create('echo', 'export const handler = async (event) => event;');
    const version = lambda.publishVersion('echo', 'first');
    const invokeVersion = () =>
      client.send(new InvokeCommand({ FunctionName: 'echo', Qualifier: version, Payload: '1' }));
    expect((await invokeVersion()).Payload?.transformToString()).toBe('1');

    await lambda.deleteFunction('echo');

    await expect(invokeVersion()).rejects.toThrow(`Function not found`);
  });

  it('answers null when it returns nothing', async () => {
    const { create, invoke } = await startLambda();
    await create('silent', 'export const handler = async () => {};');

    expect((await invoke('silent')).payload).toBeNull();
  });

  it('has the environment of its template, of Lambda and of its role, and nothing of the laptop', async () => {
    const { create, invoke, client } = await startLambda();
    process.env.SECRET_OF_THE_LAPTOP = 'x';
    await create(
      'env',
      'export const handler = async (_, context) => ({ env: process.env, context, left: context.getRemainingTimeInMillis() });',
      { environment: { TABLE: 'registry' }, memoryMegabytes: 256 },
    );

    const { env, context, left } = (await invoke('env')).payload;

    expect(env).toMatchObject({
      TABLE: 'registry',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_ENDPOINT_URL: await client.config.endpoint?.().then(({ port }) => `http://127.0.0.1:${port}`),
    });
    expect(env).not.toHaveProperty('SECRET_OF_THE_LAPTOP');
    expect(context).toMatchObject({
      functionName: 'env',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:env',
    });
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  it('finds packages of layers with import and with require', async () => {
    const { create, invoke } = await startLambda({ layerModules: nodeModules });
    await create('module', "import { z } from 'zod'; export const handler = async () => typeof z.object;");
    await create('commonjs', {
      'index.cjs': "exports.handler = async () => typeof require('zod').z.object;",
    });

    expect((await invoke('module')).payload).toBe('function');
    expect((await invoke('commonjs')).payload).toBe('function');
  });

  it('stays warm between invocations', async () => {
    const { create, invoke } = await startLambda();
    await create('warm', 'let count = 0; export const handler = async () => [process.pid, (count += 1)];');

    const first = await invoke('warm');
    const second = await invoke('warm');

    expect(second.payload).toEqual([first.payload[0], 2]);
  });

  it('stays warm beside a few small ones, and makes room for one that has grown', async () => {
    const { create, invoke } = await startLambda();
    // Which process answers, after it has taken so many megabytes for good.
    const code =
      'let held; export const handler = async ({ take = 0 }) => { held = Buffer.alloc(take * 2 ** 20, 1); return process.pid; };';
    for (const name of ['one', 'other', 'large']) create(name, code, { memoryMegabytes: 512 });
    const first = await invoke('one');
    await invoke('other');

    const warm = await invoke('one');
    await invoke('large', { take: 200 });
    const largeAgain = [await invoke('large', { take: 200 }), await invoke('large', { take: 200 })];
    const cold = await invoke('one');

    expect(warm.payload).toBe(first.payload);
    expect(largeAgain[1]?.payload).toBe(largeAgain[0]?.payload);
    expect(cold.payload).not.toBe(first.payload);
  });

  it('runs new code after it has been replaced', async () => {
    const { create, invoke } = await startLambda();
    await create('f', 'export const handler = async () => 1;');
    expect((await invoke('f')).payload).toBe(1);

    await create('f', 'export const handler = async () => 2;');

    expect((await invoke('f')).payload).toBe(2);
  });

  it('prints into its log file and to whoever listens', async () => {
    const { create, invoke, directory, lines } = await startLambda();
    await create(
      'talker',
      'export const handler = async () => { console.log("hello"); console.error("oh"); };',
    );

    await invoke('talker');

    await expect.poll(() => lines).toEqual(expect.arrayContaining(['talker: hello', 'talker: oh']));
    expect(readFileSync(join(directory, 'logs', 'talker.log'), 'utf8')).toMatch(
      /Z START RequestId[\s\S]*Z hello\n/,
    );
  });

  it('prints an error that it throws as AWS’s runtime does, fields and all', async () => {
    const { create, invoke, lines } = await startLambda();
    const code =
      'export const handler = async () => { throw Object.assign(new TypeError("not so\\nat all"), { code: "E1", row: 3, cause: new Error("deeper") }); };';
    await create('thrower', code);

    await invoke('thrower');

    await expect.poll(() => lines.filter((line) => line.includes('Invoke Error'))).toHaveLength(1);
    const [line = ''] = lines.filter((each) => each.includes('Invoke Error'));
    expect(line).toMatch(/^thrower: \S+Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\{/);
    expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'not so\nat all',
      code: 'E1',
      row: 3,
      stack: expect.arrayContaining([expect.stringContaining('index.mjs')]),
    });
  });

  it.each([
    [
      'out of time',
      'export const handler = () => new Promise(() => setInterval(() => {}, 1000));',
      /Task timed out after 1\.00 seconds/,
      'Status: timeout',
    ],
    [
      'that has crashed',
      'export const handler = async () => process.exit(3);',
      /Runtime exited with error: exit status 3/,
      'Status: error Error Type: Runtime.ExitError',
    ],
    [
      'that cannot be loaded',
      'throw new Error("no");',
      /Uncaught Exception no/,
      'Status: error Error Type: Error',
    ],
  ])('says at the end of its log that it was ended by Lambda: one %s', async (_, code, said, status) => {
    const { create, invoke, lines } = await startLambda();
    await create('ended', code, { timeoutSeconds: status.endsWith('timeout') ? 1 : 60 });

    await invoke('ended');

    expect(lines).toContainEqual(expect.stringMatching(said));
    expect(lines.at(-1)).toMatch(new RegExp(`REPORT RequestId: .*${status}$`));
  });

  it('can be described', async () => {
    const { create, client } = await startLambda();
    await create('described', 'export const handler = async () => 1;', { timeoutSeconds: 7 });

    const { Configuration } = await client.send(
      new GetFunctionCommand({
        FunctionName: 'arn:aws:lambda:eu-west-1:111122223333:function:described:$LATEST',
      }),
    );

    expect(Configuration).toMatchObject({ FunctionName: 'described', Timeout: 7, Handler: 'index.handler' });
  });
});

describe('what goes wrong in a function', () => {
  const cases = [
    {
      why: 'it throws a named error',
      code: 'class LeaseTaken extends Error { name = "LeaseTaken" } export const handler = async () => { throw new LeaseTaken("by train"); };',
      report: {
        errorType: 'LeaseTaken',
        errorMessage: 'by train',
        trace: expect.arrayContaining([expect.stringContaining('index.mjs')]),
      },
    },
    {
      why: 'it throws what is no error',
      code: 'export const handler = async () => { throw "no"; };',
      report: { errorType: 'string', errorMessage: 'no', trace: [] },
    },
    {
      why: 'its module fails',
      code: 'throw new RangeError("at load"); export const handler = 1;',
      report: { errorType: 'RangeError', errorMessage: 'at load' },
    },
    {
      why: 'it imports what is not there',
      code: "import 'no-such-package'; export const handler = async () => 1;",
      report: {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringContaining('no-such-package'),
      },
    },
    {
      why: 'it has no such export',
      code: 'export const other = async () => 1;',
      report: {
        errorType: 'Runtime.HandlerNotFound',
        errorMessage: 'index.handler is undefined or not exported',
      },
    },
    {
      why: 'it takes a callback',
      code: 'export const handler = (event, context, callback) => callback(null, 1);',
      report: { errorType: 'Runtime.CallbackHandlerDeprecated' },
    },
    {
      why: 'it exits',
      code: 'export const handler = async () => process.exit(3);',
      report: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 3$/) },
    },
    {
      why: 'it answers too much',
      code: 'export const handler = async () => "x".repeat(6 * 1024 * 1024);',
      report: { errorType: 'Function.ResponseSizeTooLarge' },
    },
    {
      why: 'a promise of it is rejected and nobody listens',
      code: 'export const handler = () => { Promise.reject(new Error("lost")); return new Promise(() => {}); };',
      report: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'lost' },
    },
  ];
  it.each(cases)('is reported when $why', async ({ code, report }) => {
    const { create, invoke } = await startLambda();
    await create('bad', code);

    const { error, payload } = await invoke('bad');

    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject(report);
  });

  it('is reported when its time is over, and not before', async () => {
    const clock = new ManualTime('2026-01-01T00:00:00Z');
    const { create, invoke, lines } = await startLambda({ clock });
    const code = 'export const handler = () => { console.log("hangs"); return new Promise(() => {}); };';
    await create('bad', code, { timeoutSeconds: 900 });

    const answer = invoke('bad');
    await expect.poll(() => lines).toContainEqual('bad: hangs');
    clock.advance(899);
    expect(lines.filter((line) => line.includes('END'))).toEqual([]);
    clock.advance(1);

    expect(await answer).toMatchObject({
      error: 'Unhandled',
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/Task timed out after 900\.00 seconds$/),
      },
    });
  });

  it('does not keep the next invocation from working', async () => {
    const { create, invoke } = await startLambda();
    await create('moody', 'export const handler = async (event) => event.die ? process.exit(1) : "alive";');

    expect((await invoke('moody', { die: true })).error).toBe('Unhandled');
    expect((await invoke('moody')).payload).toBe('alive');
  });

  it.each([
    { what: 'LogType Tail', request: { LogType: 'Tail' as const } },
    { what: 'a ClientContext', request: { ClientContext: 'e30=' } },
    { what: 'the qualifier live', request: { Qualifier: 'live' } },
  ])('is an error of the call when it asks for $what', async ({ what, request }) => {
    const { create, client } = await startLambda();
    await create('f', 'export const handler = async () => 1;');

    await expect(client.send(new InvokeCommand({ FunctionName: 'f', ...request }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining(what),
    });
  });

  it('is an error of the call when there is no such function', async () => {
    const { invoke } = await startLambda();

    await expect(invoke('nobody')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:eu-west-1:111122223333:function:nobody:$LATEST',
    });
  });
});

describe('the limit of two invocations at a time', () => {
  it('lets the others wait for their turn', async () => {
    const { create, invoke } = await startLambda();
    const code = `
      import { appendFileSync, readFileSync } from 'node:fs';
      export const handler = async ({ file }) => {
        appendFileSync(file, '+');
        await new Promise((resolve) => setTimeout(resolve, 50));
        appendFileSync(file, '-');
      };`;
    const file = join(writeCode({ marks: '' }), 'marks');
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name, code);

    await Promise.all(['a', 'b', 'c', 'd', 'e', 'a'].map((name) => invoke(name, { file })));

    const marks = readFileSync(file, 'utf8');
    expect(marks).toHaveLength(12);
    let running = 0;
    for (const mark of marks) {
      running += mark === '+' ? 1 : -1;
      expect(running).toBeLessThanOrEqual(2);
    }
  });
});

describe('an asynchronous invocation', () => {
  const counting = `
    import { appendFileSync, readFileSync } from 'node:fs';
    export const handler = async ({ file, failures }) => {
      appendFileSync(file, 'x');
      if (readFileSync(file, 'utf8').length <= failures) throw new Error('not yet');
    };`;

  it.each([
    { failures: 0, attempts: 1 },
    { failures: 2, attempts: 3 },
    { failures: 9, attempts: 3 },
  ])('is tried $attempts times when the first $failures fail', async ({ failures, attempts }) => {
    const { create, client, lines } = await startLambda({ clock: wallClock({ speed: 10_000 }) });
    await create('later', counting);
    const file = join(writeCode({ marks: '' }), 'marks');

    const { StatusCode } = await client.send(
      new InvokeCommand({
        FunctionName: 'later',
        InvocationType: 'Event',
        Payload: JSON.stringify({ file, failures }),
      }),
    );

    expect(StatusCode).toBe(202);
    await expect.poll(() => lines.filter((line) => line.includes('REPORT')).length).toBe(attempts);
    expect(readFileSync(file, 'utf8')).toHaveLength(attempts);
  });

  it('that the region did not finish runs at the next start', async () => {
    const first = await startLambda();
    const file = join(writeCode({ marks: '' }), 'marks');
    await first.create(
      'later',
      'export const handler = () => new Promise(() => setInterval(() => {}, 1000));',
    );
    await first.client.send(
      new InvokeCommand({
        FunctionName: 'later',
        InvocationType: 'Event',
        Payload: JSON.stringify({ file, failures: 0 }),
      }),
    );
    await expect.poll(() => first.lines.length).toBeGreaterThan(0);
    await first.stop();

    const second = await startLambda({ directory: first.directory });
    await second.create('later', counting);
    second.lambda.resume();

    await expect.poll(() => readFileSync(file, 'utf8')).toBe('x');
  });
});
