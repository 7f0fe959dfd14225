import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { startServices } from './durable-services.ts';

let directory: string;
let victim: ChildProcess;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'durability-'));
});
afterEach(async () => {
  victim.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

/** Starts the services in another process. */
async function startVictim(speed: number) {
  victim = fork(fileURLToPath(new URL('killed-services.ts', import.meta.url)), [directory, String(speed)], {
    execArgv: ['--import', 'tsx'],
  });
  const [config] = await once(victim, 'message');
  return clientConfigSchema.parse(config);
}

const clientConfigSchema = z.object({
  region: z.string(),
  endpoint: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  maxAttempts: z.number(),
});

async function kill(): Promise<void> {
  const exit = once(victim, 'exit');
  victim.kill('SIGKILL');
  await exit;
}

it('what was answered before the process was killed happens after the next start', async () => {
  // Prepare
  const config = await startVictim(1);
  await new FirehoseClient(config).send(
    new PutRecordCommand({ DeliveryStreamName: 'captures', Record: { Data: Buffer.from('kept') } }),
  );
  const cloudwatch = new CloudWatchClient(config);
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'drift',
      Namespace: 'N',
      MetricName: 'M',
      Statistic: 'Maximum',
      Period: 86_400,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: ['arn:aws:sns:eu-west-1:000000000000:alarms'],
    }),
  );
  await cloudwatch.send(
    new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ MetricName: 'M', Value: 1 }] }),
  );
  const inTwoHours = new Date(Date.now() + 7_200_000).toISOString().slice(0, 19);
  await new SchedulerClient(config).send(
    new CreateScheduleCommand({
      Name: 'later',
      ScheduleExpression: `at(${inTwoHours})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:m',
        RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
        Input: '"<aws.scheduler.scheduled-time>"',
      },
    }),
  );
  await kill();

  // Act: three hours in a second
  const services = await startServices(directory, 10_000);
  await services.resume();

  // Assess
  const s3 = new S3Client({ ...services.client, forcePathStyle: true });
  const objects = async () =>
    (await s3.send(new ListObjectsV2Command({ Bucket: 'captures' }))).Contents?.map(({ Size }) => Size);
  await expect.poll(() => services.started).toEqual([`"${inTwoHours}Z"`]);
  await expect.poll(objects).toEqual([4]);
  await expect.poll(() => services.alarms).toEqual(['drift']);
  await services.stop();
});

it('time does not go back when a process is killed whose time ran fast', async () => {
  await startVictim(100_000);
  victim.send('now');
  const [{ now }] = await once(victim, 'message');
  await kill();

  const services = await startServices(directory, 1);
  const after = services.time.now();
  await services.stop();

  expect(after).toBeGreaterThanOrEqual(Number(now));
  expect(after - Date.now()).toBeGreaterThan(0);
});
