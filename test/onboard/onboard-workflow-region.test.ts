import { DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnboardRegion } from './onboard-region.ts';

let region: OnboardRegion;
beforeAll(async () => {
  region = await OnboardRegion.start();
});
afterAll(() => region.stop());

const bothAlarms = (model: string) => [
  `tidemark-dev-model-${model}-drift`,
  `tidemark-dev-model-${model}-quality`,
];

describe('a model that is onboarded', () => {
  it('has its alarms and its schedule, and the registry says so', async () => {
    expect(await region.onboard('fresh')).toBe('SUCCEEDED');

    expect(await region.alarmsOf('fresh')).toEqual(bothAlarms('fresh'));
    expect(await region.schedulesOf('fresh')).toEqual(['fresh-monitor']);
    const { definitionHash, monitored } = await region.models.load('fresh');
    expect(monitored).toMatchObject({ definitionHash });
  });

  it('again, as another definition, has the alarms and schedules of that one', async () => {
    await region.onboard('changed');
    await region.onboard('changed', 'monitoring: { every: hour }\nretraining: { on: [schedule] }\n');

    expect(await region.scheduleExpression('changed-monitor')).toBe('cron(0 * * * ? *)');
    expect(await region.schedulesOf('changed')).toEqual(['changed-monitor', 'changed-retrain']);
  });

  it('again, without monitoring, loses them', async () => {
    await region.onboard('quiet');
    await region.onboard('quiet', 'monitoring: { enabled: false }\n');

    expect(await region.alarmsOf('quiet')).toEqual([]);
    expect(await region.schedulesOf('quiet')).toEqual([]);
  });

  it('again, retired, loses them, and has them back when it is active', async () => {
    const watched = 'retraining: { on: [schedule] }\n';
    await region.onboard('resting', watched);

    expect(await region.onboard('resting', `${watched}lifecycle: retired\n`)).toBe('SUCCEEDED');
    expect([await region.alarmsOf('resting'), await region.schedulesOf('resting')]).toEqual([[], []]);
    const { definitionHash, monitored } = await region.models.load('resting');
    expect(monitored).toMatchObject({ definitionHash });

    await region.onboard('resting', watched);
    expect(await region.alarmsOf('resting')).toEqual(bothAlarms('resting'));
    expect(await region.schedulesOf('resting')).toEqual(['resting-monitor', 'resting-retrain']);
  });

  it('again, as it was, has an alarm back that somebody deleted', async () => {
    await region.onboard('mended');
    await region.cloudwatch.send(
      new DeleteAlarmsCommand({ AlarmNames: ['tidemark-dev-model-mended-drift'] }),
    );

    await region.onboard('mended', '# the same\n');

    expect(await region.alarmsOf('mended')).toEqual(bothAlarms('mended'));
  });
});

describe('fifty models that are onboarded in the same minute', () => {
  it('all have their alarms and schedules, within CloudWatch’s three requests a second', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `many${index}`);

    const ends = await Promise.all(names.map((name) => region.onboard(name)));

    expect(ends.filter((status) => status !== 'SUCCEEDED')).toEqual([]);
    for (const name of names) {
      expect(await region.alarmsOf(name)).toEqual(bothAlarms(name));
      expect(await region.schedulesOf(name)).toEqual([`${name}-monitor`]);
      const { definitionHash, monitored } = await region.models.load(name);
      expect(monitored).toMatchObject({ definitionHash });
    }
  });
});
