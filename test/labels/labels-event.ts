import { dataBucket } from '../monitor/monitor-region.ts';

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
