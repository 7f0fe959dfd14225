import { readdirSync } from 'node:fs';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { LocalRegion } from '@tidemark/region';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { processesOf } from '../../bench/process-memory.ts';
import { readCloudAssembly } from '../../packages/region/cloudformation/cloud-assembly.ts';
import { policyDocumentSchema } from '../../packages/region/iam/policy-document.schema.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { type RegionUnderTest, startRegion } from '../support/region.ts';

let subject: RegionUnderTest;
beforeAll(async () => {
  subject = await startRegion({ processes: true });
});
afterAll(() => subject.stop());

/** Each has a state machine: `train.asl.json` is `tidemark-dev-train`. */
const machineNames = readdirSync('state-machines')
  .filter((file) => file.endsWith('.asl.json'))
  .map((file) => file.replace('.asl.json', ''))
  .map((name) => `tidemark-dev-${name}`)
  .sort();

const output = (name: string) => subject.region.outputs[name];
const idsOf = ({ resources }: LocalRegion) =>
  Object.fromEntries(resources.map(({ logicalId, physicalId }) => [logicalId, physicalId]));

/** A role that no template has, for what a test makes by hand. */
function makeRole(name: string, service: string, actions: string[]): void {
  const document = (statement: object) => policyDocumentSchema.parse({ Statement: statement });
  const allowed = { Effect: 'Allow', Action: actions, Resource: '*' };
  subject.region.roles.putRole({
    name,
    arn: `arn:aws:iam::000000000000:role/${name}`,
    trust: document({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }),
    policies: new Map(actions.length > 0 ? [['all', document(allowed)]] : []),
    managedPolicyArns: [],
  });
}

describe('the local region', () => {
  it('makes every resource of the synthesised templates', async () => {
    const declared = readCloudAssembly(await synthesisedAssembly()).flatMap(({ template }) =>
      Object.keys(template.Resources),
    );

    expect(subject.region.resources.map(({ logicalId }) => logicalId).sort()).toEqual(declared.sort());
  });

  it('answers AWS’s own clients about them', async () => {
    const { sdkConfig } = subject.region;
    const machines = await new SFNClient(sdkConfig).send(new ListStateMachinesCommand({}));
    const table = await new DynamoDBClient(sdkConfig).send(
      new DescribeTableCommand({ TableName: output('RegistryTableName') }),
    );
    const rules = await new EventBridgeClient(sdkConfig).send(new ListRulesCommand({}));

    expect(machines.stateMachines?.map(({ name }) => name).sort()).toEqual(machineNames);
    expect(table.Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(['pk', 'sk']);
    expect(rules.Rules?.length).toBeGreaterThan(0);
  });

  it('records each role with what it may do', () => {
    const { roles } = subject.region;
    const machine = roles.roles.find(({ name }) => name.includes('DeployWorkflow'));

    expect(JSON.stringify([...(machine?.policies.values() ?? [])])).toContain('sagemaker:CreateEndpoint');
  });

  it('meets the same resources again after a restart, with what they hold', async () => {
    const before = idsOf(subject.region);
    const s3 = () => new S3Client(subject.region.sdkConfig);
    await s3().send(
      new PutObjectCommand({ Bucket: output('ArtifactsBucketName'), Key: 'kept', Body: 'kept' }),
    );

    await subject.restart();

    const after = idsOf(subject.region);
    const kept = await s3().send(
      new GetObjectCommand({ Bucket: output('ArtifactsBucketName'), Key: 'kept' }),
    );
    // A queue's id is its URL, and the port is another one.
    const withoutPort = (ids: Record<string, string>) =>
      JSON.stringify(ids).replaceAll(/127\.0\.0\.1:\d+/g, '');
    expect(withoutPort(after)).toBe(withoutPort(before));
    expect(await kept.Body?.transformToString()).toBe('kept');
  });

  it('tells the person at the laptop that an alarm has gone off', async () => {
    const alarm = subject.region.resources.find(({ type }) => type === 'AWS::CloudWatch::Alarm')?.physicalId;
    await new CloudWatchClient(subject.region.sdkConfig).send(
      new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'ALARM', StateReason: 'a drill' }),
    );

    await vi.waitFor(() =>
      expect(subject.told).toContainEqual({
        kind: 'alarm',
        alarmName: alarm,
        state: 'ALARM',
        reason: 'a drill',
      }),
    );
  });

  it('runs schedules and alarms in a time that can be made to run faster', async () => {
    const { clock, sdkConfig, resources } = subject.region;
    const topic = resources.find(({ type }) => type === 'AWS::SNS::Topic')?.physicalId ?? '';
    makeRole('echo', 'states.amazonaws.com', []);
    makeRole('schedule', 'scheduler.amazonaws.com', ['states:StartExecution']);
    const [sfn, scheduler, cloudwatch] = [
      new SFNClient(sdkConfig),
      new SchedulerClient(sdkConfig),
      new CloudWatchClient(sdkConfig),
    ];
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({
        name: 'echo',
        roleArn: 'arn:aws:iam::000000000000:role/echo',
        definition: JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'Echo',
          States: { Echo: { Type: 'Pass', End: true } },
        }),
      }),
    );
    const tomorrow = new Date(clock.now() + 86_400_000).toISOString().slice(0, 19);
    await scheduler.send(
      new CreateScheduleCommand({
        Name: 'tomorrow',
        ScheduleExpression: `at(${tomorrow})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: stateMachineArn,
          RoleArn: 'arn:aws:iam::000000000000:role/schedule',
          Input: '{"time":"<aws.scheduler.scheduled-time>"}',
        },
      }),
    );
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'drift-of-m',
        Namespace: 'Test',
        MetricName: 'Drift',
        Statistic: 'Maximum',
        Period: 3600,
        EvaluationPeriods: 1,
        Threshold: 0.5,
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: [topic],
      }),
    );
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'Drift', Value: 1 }] }),
    );
    clock.setSpeed(1_000_000);

    await vi.waitFor(async () => {
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      const { input } = await sfn.send(
        new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn }),
      );
      expect(input).toBe(`{"time":"${tomorrow}Z"}`);
    });
    await vi.waitFor(() =>
      expect(subject.told).toContainEqual(
        expect.objectContaining({ kind: 'alarm', alarmName: 'drift-of-m', state: 'ALARM' }),
      ),
    );
    clock.setSpeed(200);
  });

  it('leaves no process behind when it stops', async () => {
    const other = await startRegion({ processes: true });
    await new S3Client(other.region.sdkConfig).send(
      new PutObjectCommand({
        Bucket: other.region.outputs.DataBucketName,
        Key: 'definitions/a.yaml',
        Body: 'name: a\nproblem: binary\ntarget: b\n',
      }),
    );

    await other.stop();

    expect(processesOf(process.pid).filter(({ command }) => command.includes('runtime.mjs'))).toEqual([]);
  });

  it('says that a port is taken, and closes what it had opened', async () => {
    const port = Number(new URL(subject.region.endpoint).port);

    await expect(startRegion({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
