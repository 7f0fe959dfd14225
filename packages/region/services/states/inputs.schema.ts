import * as z from 'zod';
import { executionType } from '../../states/machine-definition.schema.ts';

/** Inputs of the operations, with AWS's bounds. A member that the region does not serve is refused. */
const executionArn = z.string().min(1).max(256);
const maxResults = z.int().min(0).max(1000).optional();
const nextToken = z.string().min(1).max(1024).optional();
const error = z.string().max(256).optional();
const cause = z.string().max(32_768).optional();
const taskToken = z.string().min(1).max(2048);

export const createStateMachineInput = z.strictObject({
  name: z.string().min(1).max(80),
  definition: z.string().min(1).max(1_048_576),
  roleArn: z.string().min(1).max(256),
  type: executionType.default('STANDARD'),
});

export const updateStateMachineInput = z.strictObject({
  stateMachineArn: z.string().min(1),
  definition: z.string().min(1).max(1_048_576).optional(),
  roleArn: z.string().min(1).max(256).optional(),
});

export const stateMachineInput = z.strictObject({ stateMachineArn: z.string().min(1) });

export const validateDefinitionInput = z.strictObject({ definition: z.string().min(1).max(1_048_576) });

export const listInput = z.strictObject({ maxResults, nextToken });

export const startExecutionInput = z.strictObject({
  stateMachineArn: z.string().min(1).max(256),
  name: z.string().min(1).max(80).optional(),
  input: z.string().default('{}'),
});

export const executionInput = z.strictObject({ executionArn });

export const stopExecutionInput = z.strictObject({ executionArn, error, cause });

export const listExecutionsInput = z.strictObject({
  stateMachineArn: z.string().min(1).max(256),
  statusFilter: z
    .enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'])
    .optional(),
  maxResults,
  nextToken,
});

export const getExecutionHistoryInput = z.strictObject({
  executionArn,
  maxResults,
  nextToken,
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
});

export const sendTaskSuccessInput = z.strictObject({ taskToken, output: z.string().max(262_144) });

export const sendTaskFailureInput = z.strictObject({ taskToken, error, cause });

export const sendTaskHeartbeatInput = z.strictObject({ taskToken });
