import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wallClock } from '../../clock.ts';
import { Gateway } from '../../gateway/gateway.ts';
import { Roles } from '../../gateway/roles.ts';
import { Access } from '../../iam/access.ts';
import type { Denial } from '../../iam/denial.ts';
import { policyDocumentSchema } from '../../iam/policy-document.schema.ts';
import { RoleStore } from '../../iam/role-store.ts';
import { cloudWatchService } from '../../services/cloudwatch/cloudwatch-service.ts';
import { dynamoDbService } from '../../services/dynamodb/dynamodb-service.ts';
import { s3Service } from '../../services/s3/s3-service.ts';
import { schedulerService } from '../../services/scheduler/scheduler-service.ts';
import { place } from '../services/serve.ts';

const roleArn = 'arn:aws:iam::000000000000:role/paths/Handler';
const session = 'arn:aws:sts::000000000000:assumed-role/Handler/local';
const keyArn = 'arn:aws:kms:eu-west-1:000000000000:key/k';

const store = new RoleStore();
let denials: Denial[] = [];
/** `action on resource` of everything that was asked. */
let asked: string[] = [];
const roles = new Roles(
  new Access({
    ...place,
    roles: store,
    onDenied: (denial) => denials.push(denial),
    onDecision: ({ action, resource }) => asked.push(`${action} on ${resource}`),
  }),
);
let gateway: Gateway;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'enforcement-'));
  const events = { emit: async () => undefined };
  const time = wallClock();
  const s3 = await s3Service({ ...place, directory: join(directory, 's3'), events });
  for (const name of ['data', 'encrypted'])
    await s3.configureBucket(name, { versioned: true, eventBridge: false, objectLock: false });
  gateway = await Gateway.start({
    ...place,
    roles,
    services: [
      s3,
      await dynamoDbService(place),
      await cloudWatchService({ ...place, directory: join(directory, 'cw'), events, time }),
      await schedulerService({
        ...place,
        roles,
        directory: join(directory, 'scheduler'),
        endpoint: () => gateway.endpoint,
        time,
        sendDeadLetter: async () => undefined,
      }),
    ],
  });
  for (const Bucket of ['data', 'encrypted'])
    await developer().send(new PutObjectCommand({ Bucket, Key: 'in/a', Body: 'a' }));
});
afterAll(async () => {
  await gateway.stop();
  await rm(directory, { recursive: true });
});
afterEach(() => {
  denials = [];
  asked = [];
});

const config = (credentials: { accessKeyId: string; secretAccessKey: string }) => ({
  region: place.region,
  endpoint: gateway.endpoint,
  credentials,
  maxAttempts: 1,
});
const developer = () => new S3Client({ ...config(roles.developer), forcePathStyle: true });
const roleConfig = () => config(roles.credentialsFor(roleArn));
const s3 = () => new S3Client({ ...roleConfig(), forcePathStyle: true });

/** Gives the role these statements and nothing else. */
function allow(...statements: object[]): void {
  store.putRole({
    name: 'Handler',
    arn: roleArn,
    trust: policyDocumentSchema.parse({
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    }),
    policies: new Map([['given', policyDocumentSchema.parse({ Statement: statements })]]),
    managedPolicyArns: [],
  });
}
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };

describe('a refusal', () => {
  it('of S3 is an AccessDenied with status 403 and S3’s quotation marks', async () => {
    allow();

    await expect(s3().send(new GetObjectCommand({ Bucket: 'data', Key: 'in/a' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${session} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::data/in/a" because no identity-based policy allows the s3:GetObject action`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('of DynamoDB is an AccessDeniedException with status 400', async () => {
    allow();
    const client = new DynamoDBClient(roleConfig());

    await expect(
      client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${session} is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:000000000000:table/t because no identity-based policy allows the dynamodb:GetItem action`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('of Scheduler, which speaks REST, has status 403', async () => {
    allow();
    const client = new SchedulerClient(roleConfig());
    const schedule = {
      Name: 'n',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:m', RoleArn: roleArn },
    } as const;

    await expect(client.send(new CreateScheduleCommand(schedule))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('of CloudWatch is called AccessDenied', async () => {
    allow();

    await expect(
      new CloudWatchClient(roleConfig()).send(new DescribeAlarmsCommand({})),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('says so when a policy forbids it', async () => {
    allow(everything, { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' });

    await expect(s3().send(new GetObjectCommand({ Bucket: 'data', Key: 'in/a' }))).rejects.toThrow(
      'with an explicit deny in an identity-based policy',
    );
    expect(denials[0]?.nearest).toBe('statement 2 of Handler/given forbids it');
  });

  it('is told with the statement that came nearest: all but its condition', async () => {
    allow({
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::data',
      Condition: { StringLike: { 's3:prefix': 'in/*' } },
    });

    await expect(s3().send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'out/' }))).rejects.toThrow();
    expect(denials).toMatchObject([
      {
        principal: roleArn,
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::data',
        nearest:
          "statement 1 of Handler/given allows it if StringLike s3:prefix in/*; the call brings 'out/'",
      },
    ]);
  });

  it('is told with the statement that came nearest: all but its resource', async () => {
    allow({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/out/*' });

    await expect(s3().send(new GetObjectCommand({ Bucket: 'data', Key: 'in/a' }))).rejects.toThrow();
    expect(denials[0]?.nearest).toBe('statement 1 of Handler/given allows it on arn:aws:s3:::data/out/*');
  });

  it('is told with the statement that came nearest: another action there', async () => {
    allow({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' });

    await expect(
      s3().send(new PutObjectCommand({ Bucket: 'data', Key: 'in/b', Body: 'b' })),
    ).rejects.toThrow();
    expect(denials[0]?.nearest).toBe('statement 1 of Handler/given allows s3:GetObject there');
  });
});

it('the person at the laptop is not asked', async () => {
  await developer().send(new GetObjectCommand({ Bucket: 'data', Key: 'in/a' }));

  expect(asked).toEqual([]);
});

describe('an object that is not there', () => {
  const get = () => s3().send(new GetObjectCommand({ Bucket: 'data', Key: 'in/missing' }));
  const reading = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' };

  it('is missing to a role that may list its bucket', async () => {
    allow(reading, { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::data' });

    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('is a refusal to a role that may not, even where it may list a prefix', async () => {
    const onPrefix = { StringLike: { 's3:prefix': 'in/*' } };
    allow(reading, { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*', Condition: onPrefix });

    await expect(get()).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

it('a version that is not there is missing to a role that may list keys and versions', async () => {
  const reading = { Effect: 'Allow', Action: 's3:GetObjectVersion', Resource: 'arn:aws:s3:::data/*' };
  const get = () => s3().send(new GetObjectCommand({ Bucket: 'data', Key: 'in/missing', VersionId: 'null' }));
  const listing = { Effect: 'Allow', Action: 's3:ListBucket*', Resource: 'arn:aws:s3:::data' };

  allow(reading, { ...listing, Action: 's3:ListBucket' });
  await expect(get()).rejects.toMatchObject({ name: 'AccessDenied' });

  allow(reading, listing);
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchVersion' });
});

describe('S3 asks', () => {
  const object = { Bucket: 'data', Key: 'in/a' };
  const copy = { Bucket: 'data', Key: 'in/copy', CopySource: 'data/in/a' };
  const several = { Objects: [{ Key: 'x' }, { Key: 'y', VersionId: 'null' }] };
  type Send = (client: S3Client) => Promise<unknown>;
  it.each<[string, Send, string[]]>([
    [
      'HeadObject',
      (client) => client.send(new HeadObjectCommand(object)),
      ['s3:GetObject on arn:aws:s3:::data/in/a'],
    ],
    [
      'HeadBucket',
      (client) => client.send(new HeadBucketCommand({ Bucket: 'data' })),
      ['s3:ListBucket on arn:aws:s3:::data'],
    ],
    ['ListBuckets', (client) => client.send(new ListBucketsCommand({})), ['s3:ListAllMyBuckets on *']],
    [
      'ListObjectVersions',
      (client) => client.send(new ListObjectVersionsCommand({ Bucket: 'data' })),
      ['s3:ListBucketVersions on arn:aws:s3:::data'],
    ],
    [
      'CopyObject',
      (client) => client.send(new CopyObjectCommand(copy)),
      ['s3:GetObject on arn:aws:s3:::data/in/a', 's3:PutObject on arn:aws:s3:::data/in/copy'],
    ],
    [
      'DeleteObjects',
      (client) => client.send(new DeleteObjectsCommand({ Bucket: 'data', Delete: several })),
      ['s3:DeleteObject on arn:aws:s3:::data/x', 's3:DeleteObjectVersion on arn:aws:s3:::data/y'],
    ],
    [
      'DeleteObject',
      (client) => client.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'z' })),
      ['s3:DeleteObject on arn:aws:s3:::data/z'],
    ],
  ])('for %s', async (_title, send, expected) => {
    allow(everything);

    await send(s3());

    expect(asked).toEqual(expected);
  });

  it('for the version that is read', async () => {
    allow(everything);
    const { VersionId } = await developer().send(new HeadObjectCommand(object));

    await s3().send(new GetObjectCommand({ ...object, VersionId }));

    expect(asked).toEqual(['s3:GetObjectVersion on arn:aws:s3:::data/in/a']);
  });

  it('for PutObject in each call of a multipart upload, and for ending one', async () => {
    allow(everything);
    const upload = { Bucket: 'data', Key: 'in/big' };
    const { UploadId } = await s3().send(new CreateMultipartUploadCommand(upload));
    const part = { ...upload, UploadId, PartNumber: 1 };
    await s3().send(new UploadPartCommand({ ...part, Body: 'a' }));
    await s3().send(new UploadPartCopyCommand({ ...part, CopySource: 'data/in/a' }));
    await s3().send(new AbortMultipartUploadCommand({ ...upload, UploadId }));

    expect(asked).toEqual([
      's3:PutObject on arn:aws:s3:::data/in/big',
      's3:PutObject on arn:aws:s3:::data/in/big',
      's3:GetObject on arn:aws:s3:::data/in/a',
      's3:PutObject on arn:aws:s3:::data/in/big',
      's3:AbortMultipartUpload on arn:aws:s3:::data/in/big',
    ]);
  });

  it('for each object that is to be deleted, and leaves those that the role may delete', async () => {
    allow({ Effect: 'Allow', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::data/mine/*' });

    const { Deleted, Errors } = await s3().send(
      new DeleteObjectsCommand({
        Bucket: 'data',
        Delete: { Objects: [{ Key: 'mine/a' }, { Key: 'in/a' }] },
      }),
    );

    expect(Deleted).toMatchObject([{ Key: 'mine/a' }]);
    expect(Errors).toMatchObject([{ Key: 'in/a', Code: 'AccessDenied' }]);
  });
});

describe('what a customer’s key encrypts', () => {
  const object = { Bucket: 'encrypted', Key: 'in/a' };
  beforeAll(() => {
    store.putKey(keyArn, undefined);
    store.putKeyOf('arn:aws:s3:::encrypted', keyArn);
  });

  it('is read by who may use the key', async () => {
    allow(everything);

    await s3().send(new GetObjectCommand(object));

    expect(asked).toEqual(['s3:GetObject on arn:aws:s3:::encrypted/in/a', `kms:Decrypt on ${keyArn}`]);
  });

  it('is refused to who may not, by the name of what is missing', async () => {
    allow({ Effect: 'Allow', Action: 's3:*', Resource: '*' });

    await expect(s3().send(new PutObjectCommand({ ...object, Body: 'b' }))).rejects.toThrow(
      `not authorized to perform: kms:GenerateDataKey on resource: "${keyArn}"`,
    );
  });

  it('is refused to everybody whom the key’s own policy leaves out', async () => {
    allow(everything);
    const onlyRoot = { Effect: 'Allow', Action: 'kms:Describe*', Resource: '*', Principal: '*' };
    store.putKey(keyArn, policyDocumentSchema.parse({ Statement: onlyRoot }));

    await expect(s3().send(new GetObjectCommand(object))).rejects.toThrow(
      'because no resource-based policy allows the kms:Decrypt action',
    );
  });
});

it('a transaction is refused by the action of the item that may not be written', async () => {
  allow({ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' });
  const client = new DynamoDBClient(roleConfig());
  const Key = { pk: { S: 'a' } };

  await expect(
    client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 't', Item: Key } },
          { ConditionCheck: { TableName: 't', Key, ConditionExpression: 'attribute_exists(pk)' } },
        ],
      }),
    ),
  ).rejects.toThrow('dynamodb:ConditionCheckItem');
});

describe('a role', () => {
  it('can be assumed by the services that its trust policy names', () => {
    allow();

    expect(() => roles.assume(roleArn, 'lambda.amazonaws.com')).not.toThrow();
    expect(() => roles.assume(roleArn, 'states.amazonaws.com')).toThrow(
      'Service: states.amazonaws.com is not authorized to perform: sts:AssumeRole',
    );
  });

  it('that no template has can do nothing', () => {
    expect(() => roles.assume('arn:aws:iam::000000000000:role/none', 'lambda.amazonaws.com')).toThrow();
  });

  it('is assumed for the source that its trust policy asks for, and for no other', () => {
    const group = 'arn:aws:scheduler:eu-west-1:000000000000:schedule-group/g';
    store.putRole({
      name: 'Schedules',
      arn: 'arn:aws:iam::000000000000:role/Schedules',
      trust: policyDocumentSchema.parse({
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            ArnEquals: { 'aws:SourceArn': group },
            StringEquals: { 'aws:SourceAccount': place.accountId },
          },
        },
      }),
      policies: new Map(),
      managedPolicyArns: [],
    });
    const assume = (source: string) =>
      roles.assume('arn:aws:iam::000000000000:role/Schedules', 'scheduler.amazonaws.com', source);

    expect(() => assume(group)).not.toThrow();
    expect(() => assume(`${group}-other`)).toThrow();
  });
});
