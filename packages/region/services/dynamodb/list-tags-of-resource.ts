import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseDynamoDbInput } from './dynamodb-input.ts';
import type { Engine } from './engine.ts';
import { settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({ ResourceArn: z.string(), NextToken: z.string().optional() });

export function listTagsOfResource(engine: Engine): JsonOperation {
  return async (input) => {
    const { ResourceArn } = parseDynamoDbInput('ListTagsOfResource', inputSchema, input);
    const [, name = ''] =
      /^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/([a-zA-Z0-9_.-]{3,255})$/.exec(ResourceArn) ?? [];
    if (name === '')
      throw new AwsError(
        'ValidationException',
        `Invalid TableArn: Invalid ResourceArn provided as input ${ResourceArn}`,
      );
    return await engine.exclusively(async () => {
      if (!(await engine.hasTable(name)))
        throw new AwsError(
          'ResourceNotFoundException',
          `Requested resource not found: ResourcArn: ${ResourceArn} not found`,
        );
      return { Tags: (await settingsOf(engine, name)).tags };
    });
  };
}
