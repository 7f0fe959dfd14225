import { join } from 'node:path';
import { Gateway } from '../gateway/gateway.ts';
import { jsonService } from '../gateway/json-service.ts';
import { none } from '../gateway/permissions.ts';
import { Roles } from '../gateway/roles.ts';
import { unlimited } from '../iam/access.ts';
import { cloudWatchService } from '../services/cloudwatch/cloudwatch-service.ts';
import { firehoseService } from '../services/firehose/firehose-service.ts';
import { s3Service } from '../services/s3/s3-service.ts';
import { schedulerService } from '../services/scheduler/scheduler-service.ts';
import { RegionClock } from '../virtual-time.ts';
import { place } from './services/serve.ts';

/** What monitoring goes by, on one directory and one clock, before a state machine that notes its inputs. */
export async function startServices(directory: string, speed: number) {
  const roles = new Roles(unlimited);
  const started: string[] = [];
  const alarms: string[] = [];
  const time = RegionClock.open({ file: join(directory, 'clock.json'), speed });
  const events = { emit: async () => undefined };
  const onFault = (fault: unknown) => {
    throw fault;
  };
  const shared = { ...place, roles, time, clock: time.wall, onFault, endpoint: () => gateway.endpoint };
  const s3 = await s3Service({ ...place, directory: join(directory, 's3'), events });
  await s3.configureBucket('captures', { versioned: false, eventBridge: false, objectLock: false });
  const firehose = await firehoseService({ ...shared, directory: join(directory, 'firehose') });
  await firehose.putDeliveryStream('captures', {
    BucketARN: 'arn:aws:s3:::captures',
    RoleARN: 'arn:aws:iam::000000000000:role/firehose',
  });
  const cloudwatch = await cloudWatchService({
    ...shared,
    directory: join(directory, 'cloudwatch'),
    events,
    onAction: ({ configuration }) => alarms.push(configuration.AlarmName),
  });
  const scheduler = await schedulerService({
    ...shared,
    directory: join(directory, 'scheduler'),
    sendDeadLetter: async () => undefined,
  });
  const states = jsonService({
    signingName: 'states',
    version: '1.0',
    permissions: { StartExecution: none },
    operations: {
      StartExecution: async ({ input }) => {
        started.push(String(input));
        return { executionArn: 'arn', startDate: 0 };
      },
    },
  });
  const gateway: Gateway = await Gateway.start({
    ...place,
    services: [scheduler, firehose, cloudwatch, s3, states],
    roles,
  });
  return {
    time,
    started,
    alarms,
    client: {
      region: place.region,
      endpoint: gateway.endpoint,
      credentials: roles.developer,
      maxAttempts: 1,
    },
    async resume() {
      await firehose.start();
      await cloudwatch.start();
      await scheduler.start();
    },
    async stop() {
      await scheduler.pause();
      await firehose.pause();
      await gateway.stop();
      time.close();
    },
  };
}
