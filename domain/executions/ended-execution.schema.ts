import * as z from 'zod';

/** How an execution ends without success, as Step Functions tells EventBridge. */
export const unsuccessfulStatus = z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']);
