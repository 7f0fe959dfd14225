import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Permissions } from '../../gateway/permissions.ts';
import { describingStacks } from '../../services/cloudformation/permissions.ts';
import { cloudWatchPermissions } from '../../services/cloudwatch/permissions.ts';
import { dynamoDbPermissions } from '../../services/dynamodb/permissions.ts';
import { ecrPermissions, pullRequests } from '../../services/ecr/permissions.ts';
import { eventsPermissions } from '../../services/events/permissions.ts';
import { firehosePermissions } from '../../services/firehose/permissions.ts';
import { sagemakerPermissions } from '../../services/sagemaker/permissions.ts';
import { schedulerPermissions } from '../../services/scheduler/permissions.ts';
import { sqsPermissions } from '../../services/sqs/permissions.ts';
import { statesPermissions } from '../../services/states/permissions.ts';
import { place } from '../services/serve.ts';

const services: Readonly<Record<string, Readonly<Record<string, Permissions>>>> = {
  cloudformation: { DescribeStacks: describingStacks },
  cloudwatch: cloudWatchPermissions,
  dynamodb: dynamoDbPermissions,
  ecr: ecrPermissions,
  events: eventsPermissions,
  firehose: firehosePermissions,
  sagemaker: sagemakerPermissions,
  scheduler: schedulerPermissions,
  sqs: sqsPermissions,
  states: statesPermissions,
};

const caseSchema = z.strictObject({
  title: z.string(),
  service: z.string(),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** `action on resource`, in order. */
  expected: z.array(z.string()),
  /** Of the first. */
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
});
const cases = caseSchema
  .array()
  .parse(JSON.parse(readFileSync('packages/region/test/iam/cases/permissions.json', 'utf8')));

function permissionsOf(service: string, operation: string): Permissions {
  const found = services[service]?.[operation];
  if (!found) throw new Error(`There is no ${service}:${operation}.`);
  return found;
}

describe('what AWS checks', () => {
  it.each(cases)('$title', ({ service, operation, input, expected, context }) => {
    const requests = permissionsOf(service, operation)(input, place);

    expect(requests.map(({ action, resource }) => `${action} on ${resource}`)).toEqual(expected);
    if (context) expect(requests[0]?.context).toEqual(context);
  });

  it('a role is handed to one service, which is the condition’s', () => {
    const requests = sagemakerPermissions.CreateModel(
      { ModelName: 'm', ExecutionRoleArn: 'arn:aws:iam::000000000000:role/x' },
      place,
    );

    expect(requests.at(-1)?.context).toEqual({ 'iam:passedtoservice': 'sagemaker.amazonaws.com' });
  });

  it('a call that does not say what it is about is answered as AWS answers it', () => {
    expect(() => permissionsOf('dynamodb', 'GetItem')({}, place)).toThrow(
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    );
  });

  it('pulling an image from ECR takes a token and three actions on its repository', () => {
    const requests = pullRequests('141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1');

    expect(requests.map(({ action }) => action).sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
    ]);
    expect(new Set(requests.map(({ resource }) => resource))).toEqual(
      new Set(['*', 'arn:aws:ecr:eu-west-1:141502667606:repository/sagemaker-xgboost']),
    );
    expect(pullRequests('somewhere.example/image')).toEqual([]);
  });
});
