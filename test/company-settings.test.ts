import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { synthesise } from '../laptop/start/synthesis.ts';
import { policyDocumentSchema } from '../packages/region/iam/role-store.ts';
import { accountId } from '../packages/region/region.ts';
import { builtInModel } from '../tools/cases/built-in-model.ts';
import { oneCase } from '../tools/cases/one-case.ts';
import { inProcess } from './support/in-process.ts';
import { everything } from './support/templates.ts';

// A synthesis of its own and a window take longer on a busy machine than a test may otherwise.
vi.setConfig({ testTimeout: 400_000 });

/** Below the checkout, where functions find what layers hold. */
const assemblyDirectory = 'build/company-assembly';
const path = everything.roles.path;

/** What a company allows at the most: services by name, roles of its own path, and nothing of IAM but passing those. */
const boundary = policyDocumentSchema.parse({
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:*', 'dynamodb:*', 'kms:*', 'sagemaker:*', 'states:*', 'events:*', 'scheduler:*'],
      Resource: '*',
    },
    {
      Effect: 'Allow',
      Action: ['lambda:*', 'sqs:*', 'sns:*', 'logs:*', 'cloudwatch:*', 'ecr:*', 'firehose:*', 'ec2:*'],
      Resource: '*',
    },
    { Effect: 'Allow', Action: 'iam:PassRole', Resource: `arn:aws:iam::${accountId}:role${path}*` },
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    },
  ],
});

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-company-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('with all that a company demands a dropped file becomes a live endpoint and a judged window, within the boundary', async () => {
  await synthesise({ projectDirectory: process.cwd(), assemblyDirectory, settings: everything });
  const { definition, data } = builtInModel('customers');
  const records = Array.from({ length: 60 }, (_, row) => ({
    age: 18 + row,
    plan: 'basic',
    balance: row * 10,
  }));
  writeFileSync(
    join(directory, 'definition.yaml'),
    `${definition}monitoring: { every: hour, minimumRows: 50 }\n`,
  );
  writeFileSync(join(directory, 'data.csv'), data);
  writeFileSync(join(directory, 'next-records.json'), JSON.stringify({ model: 'customers', records }));
  const roles = new Set<string>();
  const actions = new Set<string>();

  const { document, isComplete } = await oneCase({
    directory,
    assemblyDirectory,
    limitSeconds: 380,
    signal: new AbortController().signal,
    progress: () => undefined,
    account: {
      runFunction: inProcess(),
      accountPolicies: {
        [`arn:aws:iam::${accountId}:policy/${everything.roles.permissionsBoundary}`]: boundary,
      },
      onDecision({ principal, action }) {
        if (principal.kind === 'role') roles.add(principal.arn);
        actions.add(action);
      },
    },
  });

  expect(document).toMatchObject({
    end: 'at rest',
    versions: [{ version: 1, status: 'live' }],
    windows: expect.arrayContaining([
      expect.objectContaining({ counts: expect.objectContaining({ rows: records.length }) }),
    ]),
    models: [{ model: 'customers', liveVersion: 1, lease: null }],
    failedExecutions: [],
    // Refusals and defects would be here.
    region: [],
  });
  expect(isComplete).toBe(true);
  expect([...roles].filter((role) => !role.includes(`:role${path}${everything.roles.namePrefix}`))).toEqual(
    [],
  );
  expect(actions).toContain('kms:Decrypt');
  expect(actions).toContain('sagemaker:AddTags');
});

it('what the boundary does not allow is refused, and it is said which policy lacks it', async () => {
  await synthesise({ projectDirectory: process.cwd(), assemblyDirectory, settings: everything });
  writeFileSync(join(directory, 'data.csv'), '');
  const { document } = await oneCase({
    directory,
    assemblyDirectory,
    limitSeconds: 60,
    signal: new AbortController().signal,
    progress: () => undefined,
    account: {
      runFunction: inProcess(),
      accountPolicies: {
        [`arn:aws:iam::${accountId}:policy/${everything.roles.permissionsBoundary}`]:
          policyDocumentSchema.parse({
            Statement: { Effect: 'Allow', NotAction: 'kms:*', Resource: '*' },
          }),
      },
    },
  });

  expect(JSON.stringify(document.region)).toContain('because no permissions boundary allows the kms:');
});
