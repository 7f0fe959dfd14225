import * as z from 'zod';
import { resourceType } from '../resource-type.ts';

/** A name for others to refer to. What services write goes to the region's own log files. */
export const logsLogStream = resourceType({
  type: 'AWS::Logs::LogStream',
  properties: { LogGroupName: z.string(), LogStreamName: z.string().optional() },
  async apply({ LogStreamName }, { name }) {
    return { ref: LogStreamName ?? name({ maximum: 512 }), attributes: {} };
  },
});
