import { gzipSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import { usualFlights } from '../domain/windows/rows.ts';
import {
  artifactsBucket,
  eventBus,
  type MonitorRegion,
  startMonitorRegion,
} from '../monitor/monitor-region.ts';
import { ago, MonitoredModel } from '../monitor/monitored-model.ts';
import type { Machine } from '../support/machine.ts';
import { created } from './labels-event.ts';

let monitoring: MonitorRegion;
let machine: Machine;
let model: MonitoredModel;

beforeAll(async () => {
  monitoring = await startMonitorRegion();
  machine = await monitoring.machine('Labels');
});
afterAll(() => monitoring.stop());
beforeEach(async () => {
  model = await MonitoredModel.live(monitoring);
});

async function announced() {
  const all = await model.events();
  return all.filter(({ 'detail-type': type }) => type.startsWith('labels.'));
}

async function reportOf(detail: unknown): Promise<unknown> {
  const { Body } = await new S3Client(monitoring.sdkConfig).send(
    new GetObjectCommand({ Bucket: artifactsBucket, Key: Object(detail).reportKey }),
  );
  return JSON.parse((await Body?.transformToString()) ?? '');
}

const some = usualFlights.slice(0, 4);

describe('labels that arrive', () => {
  it('are received, with the ids of captured predictions, before there is a window', async () => {
    const ids = await model.capture(ago(2), some);
    const put = await model.putLabels(
      ['inferenceId,label', ...ids.map((id) => `${id},30`), 'stranger,0'].join('\n'),
    );

    expect(await machine.run(created(put))).toMatchObject({ status: 'SUCCEEDED' });

    const [event] = await announced();
    expect(event).toMatchObject({
      'detail-type': 'labels.received',
      detail: { key: put.key, lines: 6, labels: 5, usable: 5, unknownIds: 1, problems: [] },
    });
    expect(Object(event?.detail).message).not.toMatch(/stranger/);
    expect(await reportOf(event?.detail)).toMatchObject({ ids: { lookedUp: 5, firstUnknown: ['stranger'] } });
  });

  it('are looked up in windows, too', async () => {
    const ids = await model.capture(ago(6), some);
    await monitoring.monitor.run(model.scheduled(ago(5)));
    const put = await model.putLabels(['inference_id,label', ...ids.map((id) => `${id},0`)].join('\n'));

    await machine.run(created(put));

    expect(await announced()).toMatchObject([{ detail: { unknownIds: 0, usable: 4 } }]);
  });

  it('and cannot be read are rejected with what to do, and the report has the lines', async () => {
    const put = await model.putLabels('inference_id,lable\na,secret');

    await machine.run(created(put));

    const [event] = await announced();
    expect(event).toMatchObject({
      'detail-type': 'labels.rejected',
      detail: {
        usable: 0,
        problems: [{ code: 'no-header', count: 2, lines: [1, 2], columns: ['label'] }],
        message: expect.stringMatching(/Did you mean `label` by `lable`\?/),
      },
    });
    expect(JSON.stringify(event)).not.toMatch(/secret/);
    expect(await reportOf(event?.detail)).toMatchObject({
      firstUnreadable: [
        { line: 1, text: 'inference_id,lable' },
        { line: 2, text: 'a,secret' },
      ],
    });
  });

  it('packed are read, and a damaged pack is told', async () => {
    const whole = gzipSync('inference_id,label\na,0\n');
    await machine.run(created(await model.putLabels(whole, 'whole.csv.gz')));
    await machine.run(created(await model.putLabels(Buffer.from('no pack'), 'damaged.csv.gz')));

    expect(await announced()).toMatchObject([
      { 'detail-type': 'labels.received', detail: { usable: 1 } },
      { 'detail-type': 'labels.rejected', detail: { problems: [{ code: 'broken-object' }] } },
    ]);
  });

  it('are told once, however often S3 says so, and also when an answer is lost', async () => {
    const put = await model.putLabels('inference_id,label\na,0');
    let calls = 0;
    await machine.run(created(put), {
      after(task) {
        if (task !== 'CheckLabels') return;
        calls += 1;
        if (calls === 1) throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
      },
    });
    await machine.run(created(put));

    expect(calls).toBe(2);
    expect(await announced()).toHaveLength(1);
  });

  it('in more lines than are looked at say so', async () => {
    const lines = Array.from({ length: 1500 }, (_, index) => `id-${index},0`);
    await machine.run(created(await model.putLabels(['inference_id,label', ...lines].join('\n'))));

    expect(await announced()).toMatchObject([
      { detail: { lines: 1000, labels: 999, message: expect.stringMatching(/Only the first 1000 lines/) } },
    ]);
  });

  it('for a model that does not exist, or for none, are rejected', async () => {
    const onboardedAt = new Date().toISOString();
    await model.table.put({ Item: { ...keys.modelIndex(model.name), model: model.name, onboardedAt } });
    const typo = await model.putLabels('inference_id,label\na,0', 'a.csv', `labels/${model.name}0/`);
    const none = await model.putLabels('inference_id,label\na,0', `${model.name}.csv`, 'labels/');

    await machine.run(created(typo));
    await machine.run(created(none));

    const all = await monitoring.eventsOn(eventBus);
    const rejected = all.filter(({ detail }) => [typo.key, none.key].includes(Object(detail).key));
    expect(rejected).toMatchObject([
      { detail: { problems: [{ code: 'no-model' }], message: expect.stringMatching(/Did you mean/) } },
      { detail: { problems: [{ code: 'misplaced' }] } },
    ]);
  });

  it('that tools leave behind are passed over', async () => {
    expect(await machine.run(created(await model.putLabels('', '_SUCCESS')))).toMatchObject({
      status: 'SUCCEEDED',
    });
    expect(await announced()).toEqual([]);
  });
});
