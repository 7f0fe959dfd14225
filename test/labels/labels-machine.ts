import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallClock } from '../../packages/region/clock.ts';
import { integrations } from '../../packages/region/states/tasks/integrations.ts';
import { Sdk } from '../../packages/region/states/tasks/sdk.client.ts';
import { dataBucket, eventBus, type MonitorRegion } from '../monitor/monitor-region.ts';
import { Machine } from '../support/machine.ts';
import { region } from '../support/services.ts';

/** The labels machine with its real handler, in the monitor's region. */
export async function loadLabelsMachine({ services }: MonitorRegion): Promise<Machine> {
  return new Machine({
    name: 'labels',
    eventBus,
    clock: wallClock({ speed: 200 }),
    directory: mkdtempSync(join(tmpdir(), 'labels-')),
    permissions: services.rolesOf('Labels'),
    integrationFor: integrations(
      new Sdk({ roles: services.roles, region, endpoint: () => services.endpoint }),
    ),
    handlers: { CheckLabels: (await import('../../functions/labels/check-labels.lambda.ts')).handler },
  });
}

/** S3's event for a file of labels that was put, as EventBridge delivers it. */
export function created({ key, versionId }: { key: string; versionId: string }): object {
  return {
    id: `delivery-of-${versionId}`,
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: {
      bucket: { name: dataBucket },
      object: { key, size: 1, 'version-id': versionId, sequencer: '01' },
    },
  };
}
