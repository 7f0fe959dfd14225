import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { BatchGetImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Gateway } from '../../gateway/gateway.ts';
import { Roles } from '../../gateway/roles.ts';
import { unlimited } from '../../iam/access.ts';
import { composeServices } from '../../wiring/compose-services.ts';
import { place } from '../services/serve.ts';

/** Every service of the region. */
const services = [
  'cloudwatch',
  'dynamodb',
  'ecr',
  'events',
  'firehose',
  'lambda',
  'monitoring',
  's3',
  'sagemaker',
  'scheduler',
  'sqs',
  'states',
  'sts',
];
const roleArn = 'arn:aws:iam::000000000000:role/some';

let directory: string;
let gateway: Gateway;
let roles: Roles;
let signingNames: string[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'door-'));
  const composed = await composeServices({
    ...place,
    stateDirectory: join(directory, 'region'),
    endpoint: () => gateway.endpoint,
  });
  roles = composed.credentials;
  signingNames = composed.inClosingOrder.map(({ signingName }) => signingName).sort();
  gateway = await Gateway.start({ ...place, services: composed.inClosingOrder, roles });
});
afterAll(async () => {
  await gateway.stop();
  await rm(directory, { recursive: true });
});

interface Attack {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Access key in the Authorization header; none when it is not there. */
  readonly key?: string | undefined;
}

/** What a program can send that is not an SDK. */
function send(service: string, { path = '/', headers = {}, key }: Attack, method = 'POST') {
  const { hostname, port } = new URL(gateway.endpoint);
  const authorization = key === undefined ? {} : { authorization: signature(key, service) };
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const call = request(
      {
        hostname,
        port,
        method,
        path,
        headers: { 'content-type': 'text/plain', ...authorization, ...headers },
      },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() });
      },
    );
    call.on('error', reject);
    call.end(method === 'POST' ? '{}' : undefined);
  });
}

const signature = (key: string, service: string) =>
  `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

const secret = () => roles.developer.accessKeyId;
const query = (key: string, service: string) =>
  `/?X-Amz-Credential=${encodeURIComponent(`${key}/20260101/eu-west-1/${service}/aws4_request`)}&X-Amz-Signature=0`;
const port = () => new URL(gateway.endpoint).port;

/** What a page, a rebound name or another user of the machine may try. The secret is known only where a browser would add it. */
const attacks: readonly [string, (service: string) => Attack][] = [
  ['an Origin of the web', () => ({ headers: { origin: 'http://evil.example' }, key: secret() })],
  ['the Origin of a file', () => ({ headers: { origin: 'null' }, key: secret() })],
  [
    'the Origin of another local page',
    () => ({ headers: { origin: 'http://localhost:3000' }, key: secret() }),
  ],
  ['a Host of the web', () => ({ headers: { host: 'evil.example' }, key: secret() })],
  ['a rebound Host', () => ({ headers: { host: `evil.example:${port()}` }, key: secret() })],
  ['a cross-site fetch', () => ({ headers: { 'sec-fetch-site': 'cross-site' }, key: secret() })],
  ['no signature', () => ({})],
  ['a key that nobody issued', () => ({ key: 'developer' })],
  ['a key made from a role', () => ({ key: `ASIATM${'0'.repeat(14)}` })],
  ['a made-up key in the query', (service) => ({ path: query('x', service) })],
  ['the secret in the query', (service) => ({ path: query(secret(), service) })],
  ['the secret in query and header', (service) => ({ path: query(secret(), service), key: secret() })],
  ['the secret in a query in small letters', (service) => ({ path: query(secret(), service).toLowerCase() })],
  ['the secret in a query of version 2', () => ({ path: `/?AWSAccessKeyId=${secret()}&Signature=0` })],
];

describe('the door of the region', () => {
  it('is tried with every service', () => {
    expect(services).toEqual(expect.arrayContaining(signingNames));
  });

  describe.each(services)('of %s', (service) => {
    it.each(attacks)('refuses %s', async (_title, attack) => {
      for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
        const answer = await send(service, attack(service), method);

        expect(answer.status).toBe(403);
        expect(answer.text).not.toContain(secret());
      }
    });
  });

  it('refuses in the words of S3 where S3 is called', async () => {
    const { type, text } = await send('s3', { key: 'nobody' });
    const document = new XMLParser().parse(text);

    expect(type).toBe('application/xml');
    expect(document.Error).toMatchObject({
      Code: 'InvalidAccessKeyId',
      Message: expect.stringContaining('npm start'),
    });
  });

  it('is not opened by a key of another start', async () => {
    const other = new Roles(unlimited);

    const answer = await send('s3', { key: other.credentialsFor(roleArn).accessKeyId });

    expect(answer.status).toBe(403);
    expect(other.credentialsFor(roleArn)).not.toEqual(roles.credentialsFor(roleArn));
    expect(other.developer).not.toEqual(roles.developer);
  });

  it('opens to the SDK of every service, for the person and for a role', async () => {
    const { endpoint } = gateway;
    const unknown = { name: expect.stringMatching(/NotFound|NoSuch|NonExistent|DoesNotExist|Validation/) };
    const denied = { $metadata: { httpStatusCode: expect.toSatisfy((code) => code >= 400 && code !== 501) } };
    for (const credentials of [roles.developer, roles.credentialsFor(roleArn)]) {
      const config = { region: place.region, endpoint, credentials, maxAttempts: 1 };
      const answers = await Promise.allSettled([
        new CloudWatchClient(config).send(new DescribeAlarmsCommand({})),
        new DynamoDBClient(config).send(new ListTablesCommand({})),
        new EventBridgeClient(config).send(new ListEventBusesCommand({})),
        new S3Client({ ...config, forcePathStyle: true }).send(new ListBucketsCommand({})),
        new SageMakerClient(config).send(new ListEndpointsCommand({})),
        new SchedulerClient(config).send(new ListSchedulesCommand({})),
        new SFNClient(config).send(new ListStateMachinesCommand({})),
        new STSClient(config).send(new GetCallerIdentityCommand({})),
        new SQSClient(config).send(new GetQueueUrlCommand({ QueueName: 'none' })),
        new LambdaClient(config).send(new InvokeCommand({ FunctionName: 'none' })),
        new SageMakerRuntimeClient(config).send(
          new InvokeEndpointCommand({ EndpointName: 'none', Body: '' }),
        ),
        new FirehoseClient(config).send(
          new PutRecordCommand({ DeliveryStreamName: 'none', Record: { Data: new Uint8Array() } }),
        ),
        new ECRClient(config).send(
          new BatchGetImageCommand({ repositoryName: 'none', imageIds: [{ imageTag: 'x' }] }),
        ),
      ]);

      // What is refused to the role is refused by the templates' policies, of which there are none.
      for (const answer of answers) {
        if (answer.status === 'fulfilled') continue;
        expect(answer.reason.name).not.toMatch(/UnrecognizedClient|InvalidAccessKeyId|MissingAuthentication/);
        expect(answer.reason).toMatchObject(credentials === roles.developer ? unknown : denied);
      }
      expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
    }
  });

  it('tells the SDK of S3 why it stays closed', async () => {
    const config = { region: place.region, endpoint: gateway.endpoint, maxAttempts: 1, forcePathStyle: true };
    const credentials = { accessKeyId: 'AKIAOLD', secretAccessKey: 'x' };

    const call = new S3Client({ ...config, credentials }).send(
      new GetObjectCommand({ Bucket: 'b', Key: 'k' }),
    );

    await expect(call).rejects.toMatchObject({
      name: 'InvalidAccessKeyId',
      message: expect.stringContaining('npm start'),
    });
  });
});

it('what the region keeps is its owner’s alone', async () => {
  expect((await stat(join(directory, 'region'))).mode & 0o777).toBe(0o700);
});
