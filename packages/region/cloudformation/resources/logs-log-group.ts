import * as z from 'zod';
import { resourceType } from '../resource-type.ts';

/** A name for others to refer to. What functions write goes to the region's own log files. */
export const logsLogGroup = resourceType({
  type: 'AWS::Logs::LogGroup',
  properties: { LogGroupName: z.string().optional() },
  ignored: {
    RetentionInDays: 'log files are removed with the state directory',
    KmsKeyId: 'nothing on a laptop is encrypted by it',
    Tags: 'nothing reads them',
  },
  async apply({ LogGroupName }, { region, accountId, name }) {
    const ref = LogGroupName ?? name({ maximum: 512 });
    return { ref, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${ref}:*` } };
  },
});
