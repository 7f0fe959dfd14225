import { InvokeEndpointAsyncCommand, InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEndpoint, createModel, invoke } from '../sagemaker/models.ts';
import { instanceConfig, serverlessConfig } from '../sagemaker/requests.ts';
import { accountId, TestRegion } from '../sagemaker/sagemaker-region.ts';
import { servers } from '../sagemaker/servers.ts';

let region: TestRegion;

beforeAll(async () => {
  region = await TestRegion.start({ images: servers });
  for (const name of ['echo', 'broken', 'slow']) await createModel(region, name, { image: `user/${name}:1` });
  await createEndpoint(region, 'Echo', instanceConfig('echo', 'echo'));
  await createEndpoint(region, 'broken', instanceConfig('broken', 'broken'));
  await createEndpoint(region, 'serverless', serverlessConfig('serverless', 'slow', 2));
});

afterAll(async () => await region.remove());

describe('InvokeEndpoint', () => {
  test('passes the body and its headers on, and the answer and its headers back', async () => {
    const answer = await region.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'Echo',
        Body: '1,2\n',
        ContentType: 'text/csv',
        Accept: 'application/json',
        CustomAttributes: 'asked',
        InferenceId: 'id-1',
      }),
    );

    expect(answer).toMatchObject({
      ContentType: 'text/plain',
      InvokedProductionVariant: 'primary',
      CustomAttributes: 'answered',
    });
    expect(JSON.parse(answer.Body.transformToString())).toMatchObject({
      body: '1,2\n',
      headers: {
        'content-type': 'text/csv',
        accept: 'application/json',
        'x-amzn-sagemaker-custom-attributes': 'asked',
        'x-amzn-sagemaker-inference-id': 'id-1',
      },
    });
  });

  test.each([
    ['400', 'client'],
    ['500', 'server'],
  ])('reports a container that answers %s as a model error', async (status, side) => {
    await expect(invoke(region, 'broken', status)).rejects.toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: Number(status),
      OriginalMessage: 'it is broken',
      message: `Received ${side} error (${status}) from primary with message "it is broken".`,
      $metadata: { httpStatusCode: 424 },
    });
  });

  test('publishes metrics of the variant, and of the variant in its fleet', async () => {
    region.metrics.length = 0;

    await invoke(region, 'Echo', '1');
    await expect(invoke(region, 'broken', '503')).rejects.toThrow();

    const variant = { EndpointName: 'Echo', VariantName: 'primary' };
    const named = (name: string) => region.metrics.filter((metric) => metric.name === name);
    expect(
      named('Invocations')
        .map(({ dimensions }) => dimensions)
        .slice(0, 2),
    ).toEqual([variant, { ...variant, EndpointConfigName: 'echo' }]);
    expect(named('Invocation5XXErrors').map(({ value }) => value)).toEqual([0, 0, 1, 1]);
    expect(named('Invocation4XXErrors').map(({ value }) => value)).toEqual([0, 0, 0, 0]);
    expect(named('ModelLatency')[0]).toMatchObject({ namespace: 'AWS/SageMaker', unit: 'Microseconds' });
  });

  test('takes an endpoint by its exact name only', async () => {
    await expect(invoke(region, 'echo', '1')).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Endpoint echo of account ${accountId} not found.`,
    });
  });

  test.each([
    ['instances', 'Echo', 6_291_456],
    ['serverless', 'serverless', 4_194_304],
  ])('of %s takes bodies up to its limit', async (_, name, limit) => {
    expect((await invoke(region, name, Buffer.alloc(limit, '1'))).length).toBeGreaterThanOrEqual(limit);
    await expect(invoke(region, name, Buffer.alloc(limit + 1, '1'))).rejects.toThrow(
      `this endpoint takes ${limit}`,
    );
  });

  test('beyond the concurrency of a serverless endpoint is throttled', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => invoke(region, 'serverless', String(n))),
    );

    const refused = attempts.filter((attempt) => attempt.status === 'rejected');
    expect(refused).toHaveLength(4);
    expect(refused[0]?.reason).toMatchObject({ name: 'ThrottlingException' });
    expect(await invoke(region, 'serverless', 'again')).toBe('again');
  });

  test.each([
    ['an inference id that is too long', { InferenceId: 'x'.repeat(65) }, 'InferenceId'],
    ['a target model', { TargetModel: 'a.tar.gz' }, 'target-model'],
    ['a session', { SessionId: 'NEW_SESSION' }, 'session-id'],
  ])('with %s is refused', async (_, rest, message) => {
    await expect(invoke(region, 'Echo', '1', rest)).rejects.toThrow(message);
  });

  test('asynchronously is not supported', async () => {
    const request = { EndpointName: 'Echo', InputLocation: 's3://bucket/input' };

    await expect(region.runtime.send(new InvokeEndpointAsyncCommand(request))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });
});
