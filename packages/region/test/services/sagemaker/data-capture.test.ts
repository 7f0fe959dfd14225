import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateEndpointConfigCommand, DescribeEndpointConfigCommand } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEndpoint, createModel, invoke } from './models.ts';
import { instanceConfig, serverlessConfig } from './requests.ts';
import { TestRegion } from './sagemaker-region.ts';
import { servers } from './servers.ts';

const capture = {
  EnableCapture: true,
  InitialSamplingPercentage: 100,
  DestinationS3Uri: 's3://bucket/captures/flights/endpoint/v00000001',
  CaptureOptions: [{ CaptureMode: 'Input' as const }, { CaptureMode: 'Output' as const }],
  CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'] },
};

let region: TestRegion;
beforeEach(async () => {
  region = await TestRegion.start({ images: servers });
});
afterEach(async () => await region.remove());

async function serve(image: 'echo' | 'broken', DataCaptureConfig: object | null = capture): Promise<void> {
  await createModel(region, image, { image: `user/${image}:1` });
  const config = { ...instanceConfig('config', image), ...(DataCaptureConfig && { DataCaptureConfig }) };
  await createEndpoint(region, 'Flights', config as ReturnType<typeof instanceConfig>);
}

/** What is in the bucket once the region has stopped, which is when it writes what it has. */
async function captured(): Promise<{ key: string; lines: unknown[] }[]> {
  await region.stop();
  region = await TestRegion.start({ images: servers }, region);
  const { Contents = [] } = await region.s3.send(
    new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'captures/' }),
  );
  return Promise.all(
    Contents.map(async ({ Key: key = '' }) => {
      const { Body } = await region.s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: key }));
      const lines = String(await Body?.transformToString())
        .trimEnd()
        .split('\n');
      return { key, lines: lines.map((line) => JSON.parse(line)) };
    }),
  );
}

describe('data capture', () => {
  test('writes what was asked and answered, a file per endpoint, variant and hour', async () => {
    await serve('echo');
    await region.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'Flights',
        ContentType: 'text/csv',
        Body: '1,2\n',
        InferenceId: 'order-17',
      }),
    );
    await invoke(region, 'Flights', '3,4');

    const files = await captured();

    expect(files).toMatchObject([
      {
        key: expect.stringMatching(
          /^captures\/flights\/endpoint\/v00000001\/Flights\/primary\/\d{4}\/\d\d\/\d\d\/\d\d\/[0-9a-f-]{36}\.jsonl$/,
        ),
        lines: [
          {
            captureData: {
              endpointInput: {
                observedContentType: 'text/csv',
                mode: 'INPUT',
                data: '1,2\n',
                encoding: 'CSV',
              },
              endpointOutput: { observedContentType: 'text/plain', mode: 'OUTPUT', encoding: 'BASE64' },
            },
            eventMetadata: {
              eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
              inferenceId: 'order-17',
              inferenceTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
            },
            eventVersion: '0',
          },
          { captureData: { endpointInput: { data: '3,4' } } },
        ],
      },
    ]);
    expect(files[0]?.lines[1]).not.toHaveProperty('eventMetadata.inferenceId');
  });

  test('captures no request that the container did not answer', async () => {
    await serve('broken');
    await expect(invoke(region, 'Flights', '400')).rejects.toMatchObject({ name: 'ModelError' });

    expect(await captured()).toEqual([]);
  });

  test.each([
    ['is not asked for', null],
    ['is turned off', { ...capture, EnableCapture: false }],
  ])('captures nothing if it %s', async (_, config) => {
    await serve('echo', config);
    await invoke(region, 'Flights', '1');

    expect(await captured()).toEqual([]);
  });

  test('is described as it was asked for', async () => {
    await createModel(region, 'echo', { image: 'user/echo:1' });
    const config = { ...instanceConfig('config', 'echo'), DataCaptureConfig: capture };
    await region.sagemaker.send(new CreateEndpointConfigCommand(config));

    const described = new DescribeEndpointConfigCommand({ EndpointConfigName: 'config' });
    expect(await region.sagemaker.send(described)).toMatchObject({ DataCaptureConfig: capture });
  });

  test('is refused on serverless endpoints, which have none, and for a part of the traffic', async () => {
    await createModel(region, 'echo', { image: 'user/echo:1' });
    const create = (config: object) =>
      region.sagemaker.send(new CreateEndpointConfigCommand(config as ReturnType<typeof instanceConfig>));

    await expect(create({ ...serverlessConfig('a', 'echo'), DataCaptureConfig: capture })).rejects.toThrow(
      /Serverless endpoints do not support data capture/,
    );
    const sampled = { ...capture, InitialSamplingPercentage: 20 };
    await expect(create({ ...instanceConfig('b', 'echo'), DataCaptureConfig: sampled })).rejects.toThrow(
      /data capture of 20 percent/,
    );
  });
});
