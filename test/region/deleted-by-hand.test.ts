import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { DeleteStateMachineCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LocalRegion } from '@tidemark/region';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { layerModules } from '../../laptop/layer-modules.ts';
import { synthesisedAssembly } from '../support/assembly.ts';

let stateDirectory: string;
let region: LocalRegion;

async function start(revertDrift = false): Promise<LocalRegion> {
  region = await LocalRegion.start({
    assemblyDirectory: await synthesisedAssembly(),
    stateDirectory,
    layerModules,
    speed: 200,
    revertDrift,
  });
  return region;
}

beforeAll(async () => {
  stateDirectory = join(mkdtempSync(join(tmpdir(), 'by-hand-')), 'region');
  await start();
});
afterAll(async () => {
  await region.stop();
  rmSync(join(stateDirectory, '..'), { recursive: true });
});

const idOf = (type: string, path: RegExp) =>
  region.resources.find((resource) => resource.type === type && path.test(resource.path ?? ''))?.physicalId ??
  '';

/** Each as a person would do it with the aws command. */
async function meddle(): Promise<{ type: string; physicalId: string; state: string }[]> {
  const { sdkConfig } = region;
  const onDefinition = idOf('AWS::Events::Rule', /Onboard.*OnDefinition/);
  const [disabled = '', bus] = idOf('AWS::Events::Rule', /Train.*OnDataset/)
    .split('|')
    .reverse();
  const machine = idOf('AWS::StepFunctions::StateMachine', /Ingest/);
  const alarm = idOf('AWS::CloudWatch::Alarm', /Train.*FailedAlarm/);
  const queue = idOf('AWS::SQS::Queue', /Undelivered/);
  const table = idOf('AWS::DynamoDB::Table', /Stores/);
  const events = new EventBridgeClient(sdkConfig);
  await events.send(new RemoveTargetsCommand({ Rule: onDefinition, Ids: ['Target0'] }));
  await events.send(new DisableRuleCommand({ Name: disabled, EventBusName: bus }));
  await new SFNClient(sdkConfig).send(new DeleteStateMachineCommand({ stateMachineArn: machine }));
  await new CloudWatchClient(sdkConfig).send(new DeleteAlarmsCommand({ AlarmNames: [alarm] }));
  await new SQSClient(sdkConfig).send(new DeleteQueueCommand({ QueueUrl: queue }));
  await new SchedulerClient(sdkConfig).send(new DeleteScheduleGroupCommand({ Name: 'tidemark-dev' }));
  await new DynamoDBClient(sdkConfig).send(
    new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }),
  );
  return [
    { type: 'AWS::Events::Rule', physicalId: onDefinition, state: 'changed' },
    { type: 'AWS::Events::Rule', physicalId: `${bus}|${disabled}`, state: 'changed' },
    { type: 'AWS::StepFunctions::StateMachine', physicalId: machine, state: 'deleted' },
    { type: 'AWS::CloudWatch::Alarm', physicalId: alarm, state: 'deleted' },
    { type: 'AWS::SQS::Queue', physicalId: 'tidemark-dev-undelivered', state: 'deleted' },
    { type: 'AWS::Scheduler::ScheduleGroup', physicalId: 'tidemark-dev', state: 'deleted' },
    { type: 'AWS::DynamoDB::Table', physicalId: table, state: 'changed' },
  ];
}

/** With queues by their name: their URL has the port of the start. */
const driftOf = () =>
  region.drift
    .map(({ physicalId, ...others }) => ({ ...others, physicalId: physicalId.split('/').at(-1) ?? '' }))
    .sort((one, other) => one.physicalId.localeCompare(other.physicalId));

const machineNames = async () => {
  const { stateMachines = [] } = await new SFNClient(region.sdkConfig).send(new ListStateMachinesCommand({}));
  return stateMachines.map(({ name }) => name);
};

const putDefinition = (name: string) =>
  new S3Client(region.sdkConfig).send(
    new PutObjectCommand({
      Bucket: region.outputs.DataBucketName,
      Key: `definitions/${name}.yaml`,
      Body: `name: ${name}\nproblem: binary\ntarget: b\n`,
    }),
  );

const isOnboarded = () =>
  region.takePutEvents().some(({ 'detail-type': type }) => type === 'model.onboarded');

describe('what somebody has deleted or changed by hand', () => {
  it('stays so at the next start, which names it, until a start reverts drift', async () => {
    expect(driftOf()).toEqual([]);
    const drift = (await meddle()).sort((one, other) => one.physicalId.localeCompare(other.physicalId));
    await region.stop();

    await start();
    expect(driftOf()).toEqual(drift);
    expect(await machineNames()).not.toContain('tidemark-dev-ingest');
    expect(await machineNames()).toContain('tidemark-dev-train');
    await putDefinition('unheard');
    await region.stop();

    await start(true);
    expect(driftOf()).toEqual([]);
    expect(await machineNames()).toContain('tidemark-dev-ingest');
    // The file that came meanwhile was told to nobody; the next one is.
    expect(isOnboarded()).toBe(false);
    await putDefinition('heard');
    await vi.waitFor(() => expect(isOnboarded()).toBe(true), 60_000);
    const { sdkConfig } = region;
    const [disabled = '', EventBusName] = idOf('AWS::Events::Rule', /Train.*OnDataset/)
      .split('|')
      .reverse();
    const rule = await new EventBridgeClient(sdkConfig).send(
      new DescribeRuleCommand({ Name: disabled, EventBusName }),
    );
    expect(rule.State).toBe('ENABLED');
    const AlarmNames = [idOf('AWS::CloudWatch::Alarm', /Train.*FailedAlarm/)];
    const alarms = await new CloudWatchClient(sdkConfig).send(new DescribeAlarmsCommand({ AlarmNames }));
    expect(alarms.MetricAlarms).toHaveLength(1);
    const TableName = idOf('AWS::DynamoDB::Table', /Stores/);
    const { Table } = await new DynamoDBClient(sdkConfig).send(new DescribeTableCommand({ TableName }));
    expect(Table?.DeletionProtectionEnabled).toBe(true);
    await region.stop();

    await start();
    expect(driftOf()).toEqual([]);
  });
});
