import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, wallClock } from '../../../clock.ts';
import type { CallerInvocation, RunFunction } from '../../../services/lambda/caller-worker.ts';
import { type LambdaService, lambdaService } from '../../../services/lambda/lambda-service.ts';
import { ManualTime } from '../../manual-time.ts';
import { startRegion } from '../../region.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A function whose invocations the test runs. */
async function start(runFunction: RunFunction, clock: Clock = wallClock()) {
  const lines: string[] = [];
  let lambda: LambdaService | undefined;
  const region = await startRegion((surroundings) => {
    lambda = lambdaService({ ...surroundings, clock, runFunction, onLog: (_, line) => lines.push(line) });
    return [lambda];
  });
  const client = new LambdaClient(region.client);
  stops.push(async () => {
    client.destroy();
    await region.stop();
  });
  await lambda?.createFunction({
    name: 'doubles',
    codeDirectory: '/nowhere',
    handler: 'index.handler',
    environment: { COLOUR: 'blue' },
    timeoutSeconds: 3,
    memoryMegabytes: 256,
    roleArn: 'arn:aws:iam::111122223333:role/function',
    constructPath: 'stack/Doubles/Resource',
  });
  const invoke = async (event: unknown) => {
    const command = new InvokeCommand({ FunctionName: 'doubles', Payload: JSON.stringify(event) });
    const { Payload, FunctionError } = await client.send(command);
    return { error: FunctionError, payload: JSON.parse(Payload?.transformToString() ?? 'null') };
  };
  return { invoke, lines, region };
}

describe('a function that the caller of the region runs', () => {
  it('is given the event, its role’s keys, its variables and what Lambda tells of the invocation', async () => {
    const given: CallerInvocation[] = [];
    const { invoke, region } = await start(async (invocation) => {
      given.push(invocation);
      return { doubled: 2 * Object(invocation.event).number };
    });

    expect(await invoke({ number: 4 })).toEqual({ error: undefined, payload: { doubled: 8 } });
    expect(given).toMatchObject([
      {
        configuration: { name: 'doubles', constructPath: 'stack/Doubles/Resource' },
        environment: {
          COLOUR: 'blue',
          AWS_ENDPOINT_URL: region.client.endpoint,
          AWS_ACCESS_KEY_ID: expect.stringMatching(/./),
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
        },
        context: { functionName: 'doubles', memoryLimitInMB: '256', awsRequestId: expect.any(String) },
      },
    ]);
    const remaining = given[0]?.context.getRemainingTimeInMillis() ?? 0;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(3000);
  });

  it('answers what it throws as Lambda reports an error', async () => {
    const { invoke } = await start(async () => {
      throw new RangeError('too far');
    });

    expect(await invoke({})).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'too far', trace: expect.any(Array) },
    });
  });

  it('has a log with what it prints between Lambda’s own lines', async () => {
    const { invoke, lines } = await start(async ({ log }) => log('{"counted":1}'));
    await invoke({});

    expect(lines).toEqual([
      expect.stringMatching(/^START RequestId: \S+ Version: \$LATEST$/),
      '{"counted":1}',
      expect.stringMatching(/^END RequestId: \S+$/),
      expect.stringMatching(/^REPORT RequestId: \S+ Duration: \d+ ms Memory Size: 256 MB$/),
    ]);
  });

  it('fails at its timeout', async () => {
    const time = new ManualTime('2026-01-01T00:00:00Z');
    const { invoke, lines } = await start(() => {
      time.advance(3);
      return new Promise(() => undefined);
    }, time);

    expect(await invoke({})).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('after 3.00 seconds') },
    });
    expect(lines.at(-1)).toContain('Status: timeout');
  });

  it('may not return more than Lambda lets it', async () => {
    const { invoke } = await start(async () => 'x'.repeat(6 * 1024 * 1024));

    expect(await invoke({})).toMatchObject({ payload: { errorType: 'Function.ResponseSizeTooLarge' } });
  });
});
