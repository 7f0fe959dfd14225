import {
  CreateEndpointConfigCommand,
  type DeploymentConfig,
  UpdateEndpointCommand,
  type UpdateEndpointCommandInput,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packed } from './archive-files.ts';
import { ManualClock } from './manual-clock.ts';
import { createEndpoint, createModel, describeEndpoint, invoke, isSettled } from './models.ts';
import { instanceConfig, serverlessConfig } from './requests.ts';
import { TestRegion, until } from './sagemaker-region.ts';
import { servers } from './servers.ts';

const clock = new ManualClock();
let region: TestRegion;

beforeAll(async () => {
  region = await TestRegion.start({ images: servers, clock, startupSeconds: 5 });
  for (const version of ['one', 'two']) {
    await region.put(`${version}.tar.gz`, await packed({ name: version }));
    await createModel(region, version, { image: 'user/named:1', key: `${version}.tar.gz` });
    await region.sagemaker.send(
      new CreateEndpointConfigCommand(instanceConfig(`instances-${version}`, version)),
    );
    await region.sagemaker.send(
      new CreateEndpointConfigCommand(serverlessConfig(`serverless-${version}`, version)),
    );
  }
  await createEndpoint(region, 'shared', instanceConfig('shared', 'one'));
  await createModel(region, 'ending', { image: 'user/ending:1' });
  await region.sagemaker.send(new CreateEndpointConfigCommand(instanceConfig('instances-ending', 'ending')));
});

afterAll(async () => await region.remove());

let created = 0;

/** A new endpoint that serves version one. */
async function endpoint(): Promise<string> {
  created += 1;
  const name = `endpoint-${created}`;
  await createEndpoint(region, name, instanceConfig(`config-${created}`, 'one'));
  return name;
}

function update(name: string, config: string, rest: Partial<UpdateEndpointCommandInput> = {}) {
  return region.sagemaker.send(
    new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName: config, ...rest }),
  );
}

function canary(alarm?: string): DeploymentConfig {
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: 'CANARY',
        WaitIntervalInSeconds: 1800,
        CanarySize: { Type: 'CAPACITY_PERCENT', Value: 25 },
      },
      TerminationWaitInSeconds: 600,
      MaximumExecutionTimeoutInSeconds: 7200,
    },
    ...(alarm && { AutoRollbackConfiguration: { Alarms: [{ AlarmName: alarm }] } }),
  };
}

/** Lets time pass until the endpoint is neither updated nor rolled back. */
function passUntilSettled(name: string) {
  return until(() => {
    clock.advance(600);
    return describeEndpoint(region, name);
  }, isSettled);
}

const baking = (name: string) =>
  until(
    () => describeEndpoint(region, name),
    ({ PendingDeploymentSummary: pending }) =>
      pending?.ProductionVariants?.[0]?.VariantStatus?.[0]?.Status === 'Baking',
  );

describe('updating an endpoint', () => {
  test('moves all traffic at once, the old fleet serving until then', async () => {
    const name = await endpoint();

    await update(name, 'instances-two');

    expect(await describeEndpoint(region, name)).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: expect.stringMatching(/^config-/),
      PendingDeploymentSummary: { EndpointConfigName: 'instances-two' },
    });
    expect(['one', 'two']).toContain(await invoke(region, name, ''));
    const updated = await passUntilSettled(name);
    expect(updated).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'instances-two' });
    expect(updated.PendingDeploymentSummary).toBeUndefined();
    expect(await invoke(region, name, '')).toBe('two');
  });

  test('shows a canary its share of the traffic, then all of it', async () => {
    const name = await endpoint();
    await region.setAlarm('errors', 'OK');

    await update(name, 'instances-two', { DeploymentConfig: canary('errors') });

    await baking(name);
    const answers = await Promise.all(Array.from({ length: 40 }, () => invoke(region, name, '')));
    expect(answers.filter((version) => version === 'two')).toHaveLength(10);
    const updated = await passUntilSettled(name);
    expect(updated).toMatchObject({
      EndpointConfigName: 'instances-two',
      LastDeploymentConfig: canary('errors'),
    });
    expect(updated.FailureReason).toBeUndefined();
    const statuses = region.events
      .filter((event) => event['detail-type'] === 'SageMaker Endpoint Deployment State Change')
      .map(({ detail }) => JSON.stringify(detail))
      .flatMap((detail) => /"VariantStatus":\[\{"Status":"(\w+)"/.exec(detail)?.[1] ?? []);
    expect(statuses.slice(-5)).toEqual([
      'Creating',
      'ActivatingTraffic',
      'Baking',
      'ActivatingTraffic',
      'Baking',
    ]);
  });

  test('moves traffic in equal steps', async () => {
    const name = await endpoint();
    const linear: DeploymentConfig = {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'LINEAR',
          WaitIntervalInSeconds: 60,
          LinearStepSize: { Type: 'INSTANCE_COUNT', Value: 1 },
        },
      },
    };

    await update(name, 'instances-two', { DeploymentConfig: linear });

    expect((await passUntilSettled(name)).EndpointConfigName).toBe('instances-two');
    const shares = region.events
      .filter(({ resources }) => resources[0]?.endsWith(name))
      .flatMap(({ detail }) => /Activating traffic on (\d+) %/.exec(JSON.stringify(detail))?.[1] ?? []);
    expect([...new Set(shares)]).toEqual(['50', '100']);
  });

  test('rolls back when an alarm sounds while the canary bakes', async () => {
    const name = await endpoint();
    await region.setAlarm('errors', 'OK');
    await update(name, 'instances-two', { DeploymentConfig: canary('errors') });
    await baking(name);

    await region.setAlarm('errors', 'ALARM');

    const rolledBack = await passUntilSettled(name);
    expect(rolledBack).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: expect.stringMatching(/^config-/),
      FailureReason: 'The update was rolled back: the CloudWatch alarm errors is in ALARM.',
    });
    expect(rolledBack.PendingDeploymentSummary).toBeUndefined();
    expect(await invoke(region, name, '')).toBe('one');
    const states = region.events
      .filter(
        (event) =>
          event['detail-type'] === 'SageMaker Endpoint State Change' && event.resources[0]?.endsWith(name),
      )
      .map(({ detail }) => /"EndpointStatus":"(\w+)"/.exec(JSON.stringify(detail))?.[1]);
    expect(states).toEqual(['CREATING', 'IN_SERVICE', 'UPDATING', 'ROLLING_BACK', 'IN_SERVICE']);
  });

  test.each([
    ['an alarm that sounds already', 'instances-two', 'sounding', 'is in ALARM'],
    ['an alarm that does not exist', 'instances-two', 'nobody', 'there is no CloudWatch alarm nobody'],
    [
      'containers that never become healthy',
      'instances-ending',
      'quiet',
      'did not pass the ping health check',
    ],
  ])('rolls back for %s', async (_, config, alarm, reason) => {
    const name = await endpoint();
    await region.setAlarm('sounding', 'ALARM');
    await region.setAlarm('quiet', 'OK');

    await update(name, config, { DeploymentConfig: canary(alarm) });

    expect(await passUntilSettled(name)).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: expect.stringMatching(/^config-/),
      FailureReason: expect.stringContaining(reason),
    });
    expect(await invoke(region, name, '')).toBe('one');
    await update(name, 'instances-two');
    expect((await passUntilSettled(name)).FailureReason).toBeUndefined();
  });

  test('loses no request', async () => {
    const name = await endpoint();
    let done = false;
    const answers: string[] = [];
    const caller = async () => {
      while (!done) answers.push(await invoke(region, name, ''));
    };
    const callers = [caller(), caller(), caller()];

    await update(name, 'instances-two');
    await passUntilSettled(name);
    done = true;
    await Promise.all(callers);

    expect(new Set(answers)).toEqual(new Set(['one', 'two']));
    expect(answers.lastIndexOf('one')).toBeLessThan(answers.lastIndexOf('two'));
  });

  test('takes serverless to serverless and to instances, but not instances to serverless', async () => {
    await createEndpoint(region, 'kinds', serverlessConfig('kinds-1', 'one'));

    await update('kinds', 'serverless-two', { DeploymentConfig: canary() });
    expect((await passUntilSettled('kinds')).EndpointConfigName).toBe('serverless-two');
    await update('kinds', 'instances-one');
    expect((await passUntilSettled('kinds')).ProductionVariants?.[0]?.CurrentInstanceCount).toBe(2);

    await expect(update('kinds', 'serverless-one')).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('cannot be updated to a serverless one'),
    });
  });

  test('reuses the last deployment configuration when asked to', async () => {
    const name = await endpoint();
    await update(name, 'instances-two', { DeploymentConfig: canary() });
    await passUntilSettled(name);

    await update(name, 'instances-one', { RetainDeploymentConfig: true });

    await baking(name);
    expect((await passUntilSettled(name)).EndpointConfigName).toBe('instances-one');
  });

  test('goes on after a restart of the region', async () => {
    const first = await TestRegion.start({ images: servers });
    await first.put('one.tar.gz', await packed({ name: 'one' }));
    await first.put('two.tar.gz', await packed({ name: 'two' }));
    await createModel(first, 'one', { image: 'user/named:1', key: 'one.tar.gz' });
    await createModel(first, 'two', { image: 'user/named:1', key: 'two.tar.gz' });
    await first.sagemaker.send(new CreateEndpointConfigCommand(instanceConfig('two', 'two')));
    await createEndpoint(first, 'updating', instanceConfig('one', 'one'));
    await first.sagemaker.send(
      new UpdateEndpointCommand({
        EndpointName: 'updating',
        EndpointConfigName: 'two',
        DeploymentConfig: canary(),
      }),
    );
    await first.stop();

    const laterClock = new ManualClock();
    const second = await TestRegion.start({ images: servers, clock: laterClock }, first);

    const updated = await until(() => {
      laterClock.advance(600);
      return describeEndpoint(second, 'updating');
    }, isSettled);
    expect(updated).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'two',
    });
    expect(await invoke(second, 'updating', '')).toBe('two');
    await second.remove();
  });

  const routing = (TrafficRoutingConfiguration: object, rest: object = {}) => ({
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { WaitIntervalInSeconds: 0, ...TrafficRoutingConfiguration },
      ...rest,
    },
  });
  const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value });
  test.each<[string, object, string]>([
    ['no policy', {}, 'needs a BlueGreenUpdatePolicy'],
    ['a rolling policy', { RollingUpdatePolicy: {} }, 'RollingUpdatePolicy'],
    ['a canary without a size', routing({ Type: 'CANARY' }), 'CanarySize'],
    ['a size without a canary', routing({ Type: 'ALL_AT_ONCE', CanarySize: percent(10) }), 'CanarySize'],
    ['more canary than fleet', routing({ Type: 'CANARY', CanarySize: percent(51) }), '50 % of the fleet'],
    [
      'a canary of all instances',
      routing({ Type: 'CANARY', CanarySize: { Type: 'INSTANCE_COUNT', Value: 2 } }),
      '50 % of the fleet',
    ],
    ['steps that are too small', routing({ Type: 'LINEAR', LinearStepSize: percent(9) }), '10 to 50 %'],
    [
      'a wait of more than an hour',
      routing({ Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 3601 }),
      'WaitIntervalInSeconds',
    ],
    [
      'a time limit below ten minutes',
      routing({ Type: 'ALL_AT_ONCE' }, { MaximumExecutionTimeoutInSeconds: 599 }),
      'MaximumExecutionTimeoutInSeconds',
    ],
    [
      'a time limit below the waits',
      routing(
        { Type: 'ALL_AT_ONCE' },
        { TerminationWaitInSeconds: 600, MaximumExecutionTimeoutInSeconds: 600 },
      ),
      'more than the 600 s',
    ],
    [
      'eleven alarms',
      {
        ...canary(),
        AutoRollbackConfiguration: { Alarms: Array.from({ length: 11 }, (_, n) => ({ AlarmName: `a${n}` })) },
      },
      'Alarms',
    ],
  ])('with %s is refused', async (_, DeploymentConfig, message) => {
    const name = 'shared';

    await expect(update(name, 'instances-two', { DeploymentConfig } as never)).rejects.toThrow(message);
    expect((await describeEndpoint(region, name)).EndpointStatus).toBe('InService');
  });

  test('with a guarded move to variants of other names is refused', async () => {
    const name = 'shared';
    const config = instanceConfig('other-names', 'two');
    const variants =
      config.ProductionVariants?.map((variant) => ({ ...variant, VariantName: 'other' })) ?? [];
    await region.sagemaker.send(new CreateEndpointConfigCommand({ ...config, ProductionVariants: variants }));

    await expect(update(name, 'other-names', { DeploymentConfig: canary() })).rejects.toThrow(
      'the same variants',
    );
    await update(name, 'other-names');
    expect((await passUntilSettled(name)).ProductionVariants?.[0]?.VariantName).toBe('other');
  });

  test('while it is updated, and of one that does not exist, is refused', async () => {
    const name = await endpoint();
    await update(name, 'instances-two', { DeploymentConfig: canary() });

    await expect(update(name, 'instances-one')).rejects.toThrow('Cannot update in-progress endpoint');
    await expect(update('nobody', 'instances-one')).rejects.toThrow('Could not find endpoint');
    await passUntilSettled(name);
  });

  test('that failed is refused', async () => {
    const failed = await createEndpoint(region, 'failed', instanceConfig('failed-1', 'ending'));

    expect(failed.EndpointStatus).toBe('Failed');
    await expect(update('failed', 'instances-one')).rejects.toThrow('can only be deleted');
  });
});
