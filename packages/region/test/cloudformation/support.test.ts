import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { intrinsics } from '../../cloudformation/intrinsics/index.ts';
import { resourceTypes } from '../../cloudformation/resource-types.ts';
import { cloudWatchPermissions } from '../../services/cloudwatch/permissions.ts';
import { dynamoDbPermissions } from '../../services/dynamodb/permissions.ts';
import { ecrPermissions } from '../../services/ecr/permissions.ts';
import { eventsPermissions } from '../../services/events/permissions.ts';
import { firehosePermissions } from '../../services/firehose/permissions.ts';
import { sagemakerPermissions } from '../../services/sagemaker/permissions.ts';
import { schedulerPermissions } from '../../services/scheduler/permissions.ts';
import { sqsPermissions } from '../../services/sqs/permissions.ts';
import { statesPermissions } from '../../services/states/permissions.ts';

const support = readFileSync('packages/region/SUPPORT.md', 'utf8');
const section = support.slice(support.indexOf('## Cloud assembly'), support.indexOf('## S3'));
const servedFunctions = /^\| functions \|([^|]*)\|/m.exec(section)?.[1] ?? '';

it('packages/region/SUPPORT.md lists the resource types that are served, and no others', () => {
  const listed = [...section.matchAll(/`(AWS::\w+::\w+)`/g)].map(([, type]) => type);

  expect(listed.sort()).toEqual([...resourceTypes.keys()].sort());
});

it('packages/region/SUPPORT.md lists the functions that are served, and no others', () => {
  const listed = [...servedFunctions.matchAll(/`([\w:]+)`/g)].map(([, name]) => name);

  expect(listed.sort()).toEqual([...intrinsics.keys()].sort());
});

describe('packages/region/SUPPORT.md lists every operation', () => {
  const s3Operations = readdirSync('packages/region/services/s3')
    .map((file) => readFileSync(`packages/region/services/s3/${file}`, 'utf8'))
    .flatMap((text) => /^ {4}name: '([A-Z]\w+)',$/m.exec(text)?.[1] ?? []);

  it.each([
    ['s3', s3Operations],
    ['cloudwatch', Object.keys(cloudWatchPermissions)],
    ['dynamodb', Object.keys(dynamoDbPermissions)],
    ['ecr', Object.keys(ecrPermissions)],
    ['events', Object.keys(eventsPermissions)],
    ['firehose', Object.keys(firehosePermissions)],
    ['sagemaker', Object.keys(sagemakerPermissions)],
    [
      'scheduler',
      Object.keys(schedulerPermissions).map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}`),
    ],
    ['sqs', Object.keys(sqsPermissions)],
    ['states', Object.keys(statesPermissions)],
  ])('of %s', (_service, operations) => {
    expect(operations.length).toBeGreaterThan(0);
    expect(operations.filter((name) => !new RegExp(`\\b${name}\\b`).test(support))).toEqual([]);
  });
});
