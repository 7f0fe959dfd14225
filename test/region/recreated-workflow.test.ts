import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { LocalRegion } from '@tidemark/region';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { layerModules } from '../../laptop/layer-modules.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { idsOf, withoutWorkflows } from '../support/destroyed-workflows.ts';

let directory: string;
let region: LocalRegion | undefined;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'recreated-'));
});
afterAll(async () => {
  await region?.stop();
  rmSync(directory, { recursive: true });
});

async function deploy(assemblyDirectory: string): Promise<LocalRegion> {
  await region?.stop();
  region = await LocalRegion.start({
    assemblyDirectory,
    stateDirectory: join(directory, 'region'),
    layerModules,
    speed: 200,
  });
  return region;
}

it('a workflows’ stack that is destroyed and deployed again finds models watched as they were, under its new names', async () => {
  const assembly = await synthesisedAssembly();
  const before = await deploy(assembly);
  const functionsBefore = idsOf(before, 'AWS::Lambda::Function');
  await new S3Client(before.sdkConfig).send(
    new PutObjectCommand({
      Bucket: before.outputs.DataBucketName,
      Key: 'definitions/late.yaml',
      Body: 'name: late\nproblem: binary\ntarget: b\n',
    }),
  );
  const alarmsOf = async ({ sdkConfig }: LocalRegion) => {
    const AlarmNamePrefix = 'tidemark-dev-model-late-';
    const answer = await new CloudWatchClient(sdkConfig).send(new DescribeAlarmsCommand({ AlarmNamePrefix }));
    return answer.MetricAlarms ?? [];
  };
  await vi.waitFor(async () => expect(await alarmsOf(before)).toHaveLength(2), 60_000);
  const scheduleOf = ({ sdkConfig }: LocalRegion) =>
    new SchedulerClient(sdkConfig).send(
      new GetScheduleCommand({ GroupName: 'tidemark-dev', Name: 'late-monitor' }),
    );
  await vi.waitFor(() => scheduleOf(before), 60_000);

  await deploy(withoutWorkflows(assembly, join(directory, 'store-only')));
  const after = await deploy(assembly);

  // CloudFormation made other names where none is given; what a schedule and an alarm name is there again.
  expect(functionsBefore.filter((name) => idsOf(after, 'AWS::Lambda::Function').includes(name))).toEqual([
    'tidemark-dev-predict',
  ]);
  const { Target } = await scheduleOf(after);
  expect(idsOf(after, 'AWS::StepFunctions::StateMachine')).toContain(Target?.Arn);
  const roleArns = after.roles.roles.map(({ arn }) => arn);
  expect(roleArns).toContain(Target?.RoleArn);
  for (const { AlarmActions } of await alarmsOf(after)) {
    expect(idsOf(after, 'AWS::SNS::Topic')).toEqual(AlarmActions);
  }
  expect(roleArns.some((arn) => arn.includes('role/tidemark-dev-jobs-'))).toBe(true);
});
