import { expect, it } from 'vitest';
import * as z from 'zod';
import { grants, type PolicyStatement, synthesise } from '../support/templates.ts';
import { keptRelease } from './kept-release.ts';

/**
 * Executions of the last release continue after an update with its definitions and its code, but with the functions, roles and rights that the
 * new templates leave: CloudFormation deletes a function with all its versions, and a role has one set of policies for old code and new.
 */

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
type Resources = Readonly<Record<string, z.infer<typeof resourceSchema>>>;
const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema) });

/** What executions, queued events and models refer to, with the properties whose change makes CloudFormation replace it. */
const lasting: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::KinesisFirehose::DeliveryStream': ['DeliveryStreamName', 'DeliveryStreamType'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::Scheduler::ScheduleGroup': ['Name'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 'StateMachineType'],
};

const { version, files } = keptRelease();
const kept: Resources = Object.assign(
  {},
  ...Object.entries(files)
    .filter(([path]) => path.endsWith('.template.json'))
    .map(([, text]) => templateSchema.parse(JSON.parse(text)).Resources),
);
const { store, workflows } = synthesise();
const present: Resources = Object.assign(
  {},
  ...[store, workflows].map((template) => templateSchema.parse(template.toJSON()).Resources),
);

const documentSchema = z.object({ Statement: z.array(z.unknown()) });
const roleSchema = z.object({
  Policies: z.array(z.object({ PolicyDocument: documentSchema })).default([]),
});
const policySchema = z.object({
  Roles: z.array(z.object({ Ref: z.string() })),
  PolicyDocument: documentSchema,
});

/** `<role> <action> on <resource>` of everything that the roles of the templates may do. */
function rights(resources: Resources): Set<string> {
  const found = Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    if (Type === 'AWS::IAM::Role')
      return roleSchema
        .parse(Properties)
        .Policies.flatMap(({ PolicyDocument }) => rightsOf(id, PolicyDocument.Statement));
    if (Type !== 'AWS::IAM::Policy') return [];
    const { Roles, PolicyDocument } = policySchema.parse(Properties);
    return Roles.flatMap(({ Ref }) => rightsOf(Ref, PolicyDocument.Statement));
  });
  return new Set(found);
}

function rightsOf(role: string, statements: readonly unknown[]): string[] {
  return [...grants(statements as readonly PolicyStatement[])].flatMap(([action, granted]) =>
    granted.map((resource) => `${role} ${action} on ${JSON.stringify(resource)}`),
  );
}

it(`keeps every resource that executions of release ${version} use, under its name`, () => {
  const lost = Object.entries(kept).flatMap(([id, { Type, Properties }]) => {
    const names = lasting[Type];
    if (names === undefined) return [];
    const now = present[id];
    if (now?.Type !== Type) return [`${id} (${Type}) is deleted`];
    return names
      .filter((name) => JSON.stringify(now.Properties[name]) !== JSON.stringify(Properties[name]))
      .map((name) => `${id} (${Type}) is replaced, because its ${name} changes`);
  });

  // Keep it for one release, and delete it in the next: docs/deploying.md, What an update leaves. Until release 0.2.0 the present one may be
  // kept instead: `npx tsx tools/keep-release.ts`.
  expect(lost).toEqual([]);
});

it(`leaves roles the rights that code of release ${version} has`, () => {
  const now = rights(present);
  const before = rights(kept);

  expect(before.size).toBeGreaterThan(300);
  // As above: code of the last release may need it for as long as its executions run.
  expect([...before].filter((right) => !now.has(right))).toEqual([]);
});
